import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// Names and addresses that are wrong in the ways in which those of operators are.
    @Suite(
        "names and addresses with faults",
        .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct AddressFaultTests {
        private func isWell(_ cluster: NetworkCluster, _ one: String, _ other: String) throws -> Bool {
            let (here, there) = (try cluster[one].peer(other), try cluster[other].peer(one))
            return here.state == .trusted && here.cause == nil && there.state == .trusted
                && there.cause == nil
        }

        private func logs(_ cluster: NetworkCluster) -> String { cluster.daemons.map(\.logText).joined() }

        @Test(
            "a name whose IPv6 address is preferred and broken is used by its IPv4 address, from the start and later",
            arguments: [
                "drop", "reject with icmpx type port-unreachable", "reject with icmpx type no-route",
            ],
            [false, true])
        func brokenIPv6(fault: String, later: Bool) throws {
            let cluster = try NetworkCluster(
                ["a", "b"], named: true,
                listening: ["a": ["0.0.0.0", "[::]"], "b": ["0.0.0.0", "[::]"]])
            for (host, address) in [("a", "2001:db8::1"), ("b", "2001:db8::2")] {
                try cluster.network.run(host, "ip address add \(address)/64 dev net0 nodad")
            }
            try cluster.network.setNames([
                (name: "b.example", address: "2001:db8::2"), (name: "b.example", address: "10.9.0.2"),
                (name: "a.example", address: "10.9.0.1"),
            ])
            let chain = "add chain inet test input { type filter hook input priority 0; }"
            let rule = "add rule inet test input ip6 daddr 2001:db8::2 udp dport 7946 \(fault)"
            let breaks = "nft 'add table inet test; \(chain); \(rule)'"
            if !later { try cluster.network.run("b", breaks) }
            try cluster.start()
            if later {
                #expect(try cluster["a"].peer("b").address == "[2001:db8::2]:7946")
                try cluster.network.run("b", breaks)
            }
            let isFound = try eventually(within: 15) {
                try cluster["a"].peer("b").address == "10.9.0.2:7946" && isWell(cluster, "a", "b")
            }
            #expect(isFound, "\(logs(cluster))")
            if later {
                #expect(try cluster["b"].events(.suspect, of: "a").isEmpty, "\(logs(cluster))")
                #expect(try cluster["a"].events(.suspect, of: "b").isEmpty, "\(logs(cluster))")
            }
        }

        @Test(
            "a peer whose datagrams carry another source than the address it has is trusted, and found when it dies",
            // With keys, a peer that no answer reaches proves nothing.
            arguments: [(false, false), (false, true), (true, true)])
        func otherSource(sealed: Bool, isOwn: Bool) throws {
            let cluster = try NetworkCluster(["a", "b"])
            if sealed { try cluster.giveKey() }
            if isOwn { try cluster.network.run("b", "ip address add 10.9.0.102/24 dev net0") }
            let chain = "add chain inet test output { type filter hook output priority 0; }"
            let rule =
                "add rule inet test output ip saddr 10.9.0.2 udp sport 7946 ip saddr set 10.9.0.102"
            try cluster.network.run("b", "nft 'add table inet test; \(chain); \(rule)'")
            try cluster.start()
            #expect(try cluster["a"].hearsOn("b", microseconds: 3_000_000))
            #expect(try isWell(cluster, "a", "b"), "\(logs(cluster))")
            #expect(try !cluster["a"].hasSuspected() && !cluster["b"].hasSuspected(), "\(logs(cluster))")
            try cluster["b"].kill()
            let isFound = try eventually { try cluster["a"].peer("b").state == .suspected }
            #expect(isFound)
        }

        @Test(
            "a name that stands for another peer's address has no living host called crashed, and heals with the name",
            arguments: [false, true])
        func othersAddress(fromTheStart: Bool) throws {
            let cluster = try NetworkCluster(named: true)
            let right = [
                (name: "a.example", address: "10.9.0.1"), (name: "b.example", address: "10.9.0.2"),
                (name: "c.example", address: "10.9.0.3"),
            ]
            let wrong = [right[0], (name: "b.example", address: "10.9.0.3"), right[2]]
            if fromTheStart {
                try cluster.network.setNames(wrong)
                for daemon in cluster.daemons { try cluster.launch(daemon) }
                let isReported = eventually(within: 15) { (try? cluster["a"].peer("b").cause) == .outbound }
                #expect(isReported, "\(logs(cluster))")
                #expect(try cluster["c"].refused("misaddressed") > 0)
                try cluster.network.setNames(right)
            } else {
                try cluster.start()
                try cluster.network.setNames(wrong)
                try cluster["a"].send(SIGHUP)
                #expect(try cluster["a"].hearsOn("b", microseconds: 5_000_000))
                #expect(try cluster["a"].peer("b").address == "10.9.0.2:7946", "\(logs(cluster))")
            }
            let isHealed = try eventually(within: 20) {
                try isWell(cluster, "a", "b") && isWell(cluster, "a", "c") && isWell(cluster, "b", "c")
            }
            #expect(isHealed, "\(logs(cluster))")
            for daemon in cluster.daemons {
                let causes = try daemon.events(.suspect).map(\.cause)
                #expect(!causes.contains(.crash), "\(logs(cluster))")
                #expect(try daemon.events(.confirm).isEmpty)
            }
        }

        @Test(
            "two peers that trade their addresses are distinguished once the names follow",
            arguments: [false, true])
        func traded(sealed: Bool) throws {
            let cluster = try NetworkCluster(named: true)
            if sealed { try cluster.giveKey() }
            try cluster.start()
            for (host, former, address) in [("b", "10.9.0.2", "10.9.0.3"), ("c", "10.9.0.3", "10.9.0.2")] {
                try cluster.network.run(
                    host, "ip address del \(former)/24 dev net0; ip address add \(address)/24 dev net0")
            }
            for host in ["a", "b", "c"] { try cluster.network.run(host, "ip neigh flush dev net0") }
            try cluster.network.setNames([
                (name: "a.example", address: "10.9.0.1"), (name: "b.example", address: "10.9.0.3"),
                (name: "c.example", address: "10.9.0.2"),
            ])
            let isHealed = try eventually(within: 40) {
                try isWell(cluster, "a", "b") && isWell(cluster, "a", "c") && isWell(cluster, "b", "c")
                    && cluster["a"].peer("b").address == "10.9.0.3:7946"
            }
            #expect(isHealed, "\(logs(cluster))")
        }

        @Test(
            "an address at which half of all is lost gives way to one of the same name at which nothing is, once"
        )
        func lossy() throws {
            let cluster = try NetworkCluster(["a", "b"], named: true)
            try cluster.network.run("b", "ip address add 10.9.0.4/24 dev net0")
            try cluster.network.setNames([
                (name: "b.example", address: "10.9.0.2"), (name: "b.example", address: "10.9.0.4"),
                (name: "a.example", address: "10.9.0.1"),
            ])
            try cluster.start()
            #expect(try cluster["a"].peer("b").address == "10.9.0.2:7946")
            try cluster.network.drop(at: "b", "ip daddr 10.9.0.2 udp dport 7946 numgen random mod 100 < 45")
            let isFound = try eventually(within: 120) {
                try cluster["a"].peer("b").address == "10.9.0.4:7946"
            }
            #expect(isFound, "\(logs(cluster))")
            #expect(try cluster["a"].hearsOn("b", microseconds: 5_000_000))
            let isHealed = try eventually { try isWell(cluster, "a", "b") }
            #expect(
                isHealed && cluster["a"].logText.ranges(of: "continuing with").count == 1, "\(logs(cluster))")
        }

        @Test(
            "a peer that comes back at another address, with keys, is shown with it, and is no crash, until its name follows"
        )
        func lateName() throws {
            let cluster = try NetworkCluster(named: true)
            try cluster.giveKey()
            try cluster.start()
            try cluster["b"].kill()
            let misses = try eventually { try cluster["a"].peer("b").state == .suspected }
            #expect(misses)
            try cluster.network.run(
                "b", "ip address del 10.9.0.2/24 dev net0; ip address add 10.9.0.22/24 dev net0")
            try cluster.launch(cluster["b"])
            let isShown = try eventually {
                try cluster["a"].peer("b").cause != .crash && !cluster["a"].peer("b").confirmed
                    && cluster["a"].why("b").evidence.reason.contains("10.9.0.22")
            }
            let reason = try cluster["a"].why("b").evidence.reason
            #expect(isShown, "\(reason) \(logs(cluster))")
            try cluster.network.setNames([
                (name: "a.example", address: "10.9.0.1"), (name: "b.example", address: "10.9.0.22"),
                (name: "c.example", address: "10.9.0.3"),
            ])
            let isHealed = try eventually(within: 15) {
                try isWell(cluster, "a", "b") && isWell(cluster, "c", "b")
            }
            #expect(isHealed, "\(logs(cluster))")
        }

        @Test(
            "nothing is sent from an IPv6 address of a listener that has gone, and it is used again when it is back"
        )
        func lostIPv6() throws {
            let cluster = try NetworkCluster(
                ["b", "m"],
                listening: ["b": ["[::]"], "m": ["[2001:db8::101]", "[2001:db8::1]"]],
                known: ["b": "[2001:db8::2]", "m": "[2001:db8::101]"])
            for (host, address) in [("m", "2001:db8::1"), ("m", "2001:db8::101"), ("b", "2001:db8::2")] {
                try cluster.network.run(host, "ip address add \(address)/64 dev net0 nodad")
            }
            try cluster.start()
            try cluster.network.run("m", "ip address del 2001:db8::101/64 dev net0")
            try cluster.network.drop(at: "b", "ip6 saddr 2001:db8::101 udp dport 7946")
            let reported = "no interface has the address [2001:db8::101]:7946 of [node] listen any more"
            let isReported = eventually { cluster["m"].logText.contains(reported) }
            #expect(isReported, "\(cluster["m"].logText)")
            #expect(try cluster["b"].hearsOn("m", microseconds: 2_000_000), "\(logs(cluster))")
            try cluster.network.admitAll(at: "b")
            try cluster.network.run("m", "ip address add 2001:db8::101/64 dev net0 nodad")
            let isHealed = try eventually(within: 20) { try isWell(cluster, "b", "m") }
            #expect(isHealed, "\(logs(cluster))")
            let isBack = eventually {
                cluster["m"].logText.contains(
                    "listens on [2001:db8::101]:7946: an interface has the address again")
            }
            #expect(isBack, "\(cluster["m"].logText)")
        }
    }
}

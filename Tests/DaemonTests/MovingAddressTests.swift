import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// Peers that are known by names or by interfaces, and what these stand for changes.
    @Suite(
        "addresses that fail and move",
        .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct MovingAddressTests {
        /// An address of the segment that no host has; it sorts like that of b, so the order in the file decides.
        private static let nobody = "10.9.0.3"

        /// Two daemons that know each other by name, where b has several addresses.
        private func cluster(_ addresses: [String], mode: String = "heartbeat+ping", sealed: Bool = false)
            throws
            -> NetworkCluster
        {
            let cluster = try NetworkCluster(
                ["a", "b"], detection: TestCluster.calm + "\nmode = \"\(mode)\"", named: true)
            if sealed { try cluster.giveKey() }
            try setNames(addresses, in: cluster)
            for daemon in cluster.daemons { try cluster.launch(daemon) }
            let trusts = eventually(within: 20) { cluster.daemons.allSatisfy { $0.trustsEveryone } }
            try #require(trusts, "\(cluster.daemons.map(\.logText).joined())")
            return cluster
        }

        private func setNames(_ addresses: [String], in cluster: NetworkCluster) throws {
            try cluster.network.setNames(
                addresses.map { (name: "b.example", address: $0) }
                    + [(name: "a.example", address: "10.9.0.1")])
        }

        private func isWell(_ cluster: NetworkCluster, at address: String) throws -> Bool {
            let (a, b) = (try cluster["a"].peer("b"), try cluster["b"].peer("a"))
            return a.address == "\(address):7946" && a.state == .trusted && a.cause == nil
                && b.state == .trusted && b.cause == nil
        }

        @Test(
            "of a name whose first address is dead another is used, in every mode, with and without keys",
            arguments: ["heartbeat", "heartbeat+ping", "ping"], [false, true])
        func deadFirst(mode: String, sealed: Bool) throws {
            let cluster = try cluster([Self.nobody, "10.9.0.2", "10.9.0.4"], mode: mode, sealed: sealed)
            let isFound = try eventually(within: 15) { try isWell(cluster, at: "10.9.0.2") }
            #expect(isFound, "\(cluster["a"].logText) \(cluster["b"].logText)")
        }

        @Test(
            "an address that fails while it is used is left for another of the name, and that is reported once",
            arguments: ["heartbeat", "heartbeat+ping", "ping"])
        func fails(mode: String) throws {
            let cluster = try cluster(["10.9.0.2"], mode: mode)
            try setNames(["10.9.0.2", "10.9.0.4"], in: cluster)
            // Renumbered: b keeps the new address only, and sends from there.
            try cluster.network.run(
                "b", "ip address del 10.9.0.2/24 dev net0; ip address add 10.9.0.4/24 dev net0")
            let isFound = try eventually(within: 20) { try isWell(cluster, at: "10.9.0.4") }
            #expect(isFound, "\(cluster["a"].logText) \(cluster["b"].logText)")
            let reported = cluster["a"].logText.components("b does not answer at 10.9.0.2:7946")
            #expect(reported == 1, "\(cluster["a"].logText)")
            #expect(cluster["a"].logText.contains("continuing with 10.9.0.4:7946"))
        }

        @Test("a restart while no name resolves continues at the addresses that answered last")
        func restarted() throws {
            let cluster = try cluster(["10.9.0.2"], sealed: true)
            let isKept = eventually {
                textOfFile("\(cluster["a"].stateFolder)/addresses").contains("10.9.0.2:7946")
            }
            #expect(isKept)
            try cluster["a"].send(SIGTERM)
            _ = try cluster["a"].waitForEnd()
            try cluster.network.setNames([])
            try cluster.launch(cluster["a"])
            let isFound = try eventually(within: 15) {
                try cluster["b"].trustsEveryone && isWell(cluster, at: "10.9.0.2")
            }
            #expect(isFound, "\(cluster["a"].logText) \(cluster["b"].logText)")
            let says = try eventually(within: 20) { try cluster["a"].status().names?.unresolved == 1 }
            #expect(says && cluster["a"].logText.components("the name b.example of b does not resolve") == 1)
            try setNames(["10.9.0.2"], in: cluster)
            let resolves = try eventually(within: 40) { try cluster["a"].status().names == nil }
            #expect(
                resolves && cluster["a"].logText.components("the name b.example of b resolves again") == 1)
        }

        /// Gives both hosts a link-local address that is known.
        private func addZones(to cluster: NetworkCluster) throws {
            for (host, address) in [("a", "fe80::aa"), ("b", "fe80::bb")] {
                try cluster.network.run(host, "ip address add \(address)/64 dev net0 nodad")
            }
        }

        private func renew(_ host: String, _ address: String, in cluster: NetworkCluster) throws {
            let make = "ip link add to-\(host) type veth peer name net0 netns \(host)"
            try cluster.network.run(host, "ip link del net0")
            try cluster.network.runOutside(
                "\(make); ip link set to-\(host) master segment up; "
                    + "ip -n \(host) address add \(address)/64 dev net0 nodad; ip -n \(host) link set net0 up"
            )
        }

        @Test(
            "an interface that is made anew has another number: peers and listeners that name it continue",
            arguments: [false, true])
        func zones(listens: Bool) throws {
            let cluster = try NetworkCluster(
                ["a", "b"],
                listening: listens
                    ? ["a": ["[fe80::aa%net0]"], "b": ["[::]"]] : ["a": ["[::]"], "b": ["[::]"]],
                known: ["a": "[fe80::aa%net0]", "b": "[fe80::bb%net0]"])
            try addZones(to: cluster)
            try cluster.start()
            #expect(try cluster["a"].peer("b").address == "[fe80::bb%net0]:7946")
            try renew("a", "fe80::aa", in: cluster)
            // Both have heard each other again, later than the interface was made.
            for (daemon, peer) in [("a", "b"), ("b", "a")] {
                let isWell = try eventually(within: 20) {
                    try cluster[daemon].hearsOn(peer, microseconds: 500_000)
                        && cluster[daemon].peer(peer).state == .trusted
                        && cluster[daemon].peer(peer).cause == nil
                }
                #expect(isWell, "\(cluster["a"].logText) \(cluster["b"].logText)")
            }
            if listens {
                #expect(
                    cluster["a"].logText.contains("listens on [fe80::aa%net0]:7946"),
                    "\(cluster["a"].logText)")
            }
        }

        @Test("a listener whose interface is not there yet is waited for")
        func late() throws {
            let cluster = try NetworkCluster(
                ["a", "b"], listening: ["a": ["[fe80::aa%net0]"], "b": ["[::]"]],
                known: ["a": "[fe80::aa%net0]", "b": "[fe80::bb%net0]"])
            try addZones(to: cluster)
            try cluster.network.run("a", "ip link del net0")
            for daemon in cluster.daemons { try cluster.launch(daemon) }
            let says = eventually {
                cluster["a"].logText.contains("no interface has the address [fe80::aa%net0]:7946")
            }
            #expect(says, "\(cluster["a"].logText)")
            try cluster.network.runOutside(
                "ip link add to-a type veth peer name net0 netns a; ip link set to-a master segment up; "
                    + "ip -n a address add fe80::aa/64 dev net0 nodad; ip -n a link set net0 up")
            try cluster.daemons.becomeTrusting(within: 20)
        }
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}

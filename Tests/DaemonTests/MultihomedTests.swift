import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// Hosts with several addresses, on one network or on two.
    @Suite(
        "a host with several addresses",
        .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct MultihomedTests {
        @Test(
            "sends to each network from its address there, and losing one harms no peer in the other",
            arguments: [1, 2])
        func twoNetworks(filter: Int) throws {
            let cluster = try NetworkCluster(
                ["b", "c", "m"], listening: ["m": ["10.71.1.1", "10.71.2.1"]],
                known: ["b": "10.71.1.2", "c": "10.71.2.2", "m": "10.71.1.1"],
                knownTo: ["c": ["m": "10.71.2.1"]], pairs: ["b": ["m"], "c": ["m"], "m": ["b", "c"]])
            for (host, addresses) in [
                ("b", ["10.71.1.2"]), ("c", ["10.71.2.2"]), ("m", ["10.71.1.1", "10.71.2.1"]),
            ] {
                try cluster.network.run(
                    host, "ip address flush dev net0; sysctl -qw net.ipv4.conf.all.rp_filter=\(filter)")
                for address in addresses {
                    try cluster.network.run(host, "ip address add \(address)/24 dev net0")
                }
            }
            try cluster.start()
            #expect(try cluster["c"].peer("m").cause == nil)
            try cluster.network.run("m", "ip address del 10.71.1.1/24 dev net0")
            let misses = try eventually { try cluster["b"].peer("m").state == .suspected }
            #expect(misses)
            #expect(try cluster["c"].hearsOn("m", microseconds: 1_500_000))
            #expect(try cluster["c"].events(.suspect).isEmpty)
            #expect(
                try cluster["m"].peer("c").state == .trusted && cluster["m"].events(.suspect, of: "c").isEmpty
            )
        }

        @Test(
            "is answered, and sent to, from the address that its peer asks at: firewalls let nothing else through"
        )
        func sourceOfAnswers() throws {
            let cluster = try NetworkCluster(["a", "b"], known: ["a": "10.9.0.101"])
            try cluster.network.run("a", "ip address add 10.9.0.101/24 dev net0")
            try cluster.network.drop(at: "b", "ip saddr 10.9.0.1 udp dport 7946")
            try cluster.start()
            #expect(try cluster["b"].hearsOn("a", microseconds: 1_000_000))
            // When that address goes, another is used.
            try cluster.network.admitAll(at: "b")
            try cluster.network.run("a", "ip address del 10.9.0.101/24 dev net0")
            #expect(try cluster["b"].hearsOn("a", microseconds: 1_500_000))
            #expect(try cluster["b"].events(.suspect).isEmpty)
            try cluster.network.run("a", "ip address add 10.9.0.101/24 dev net0")
            let isWell = try eventually(within: 20) {
                try cluster["b"].peer("a").state == .trusted && cluster["b"].peer("a").cause == nil
                    && cluster["a"].peer("b").cause == nil
            }
            #expect(isWell, "\(cluster["a"].logText)\(cluster["b"].logText)")
        }
    }
}

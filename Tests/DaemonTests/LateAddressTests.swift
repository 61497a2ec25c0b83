import StatusAPI
import Testing

extension RealDaemons {
    /// Addresses that come with DHCP, or float from host to host.
    @Suite(
        "an address that no interface has yet",
        .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct LateAddressTests {
        @Test(
            "keeps no daemon from starting: it says so, and trusts its peers as soon as the address is there")
        func late() throws {
            let cluster = try NetworkCluster(bound: ["c": "10.9.0.103"])
            for daemon in cluster.daemons { try cluster.launch(daemon) }
            let says = eventually {
                cluster["c"].logText.contains(
                    "no interface has the address 10.9.0.103:7946 of [node] listen yet")
            }
            #expect(says, "\(cluster["c"].logText)")
            #expect(!cluster["a"].logText.contains("no interface has the address"))
            // Long enough that each has given the other up.
            let givesUp = eventually { (try? cluster["a"].peer("c").state) == .suspected }
            #expect(givesUp)
            try cluster.network.run("c", "ip address add 10.9.0.103/24 dev net0")
            try cluster.daemons.becomeTrusting()
            #expect(try cluster["c"].status().datagramsReceived > 0)
        }

        @Test("may come and go while the daemon runs")
        func floating() throws {
            let cluster = try NetworkCluster(bound: ["c": "10.9.0.103"])
            try cluster.network.run("c", "ip address add 10.9.0.103/24 dev net0")
            try cluster.start()
            try cluster.network.run("c", "ip address flush dev net0")
            let misses = try eventually { try cluster["a"].peer("c").state == .suspected }
            #expect(misses)
            let says = eventually {
                cluster["c"].logText.contains("could not be sent (")
            }
            #expect(says, "\(cluster["c"].logText)")
            try cluster.network.run("c", "ip address add 10.9.0.103/24 dev net0")
            try cluster.daemons.becomeTrusting()
        }
    }
}

import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// What happens to links and addresses while three hosts watch each other; it always happens to the third.
    @Suite(
        "a network that fails", .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct NetworkFaultTests {
        @Test("a host whose interface goes down is suspected, and blames itself; no other host is")
        func interfaceDown() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            try cluster.network.run("c", "ip link set net0 down")
            try expectFound("c", in: cluster)
            let knows = try eventually { try cluster["c"].status().isolated }
            #expect(knows, "\(cluster["c"].logText)")
            try cluster.network.run("c", "ip link set net0 up")
            try expectWell(cluster)
        }

        @Test("a host that hears no peer is reported as such, by its own daemon and by the others")
        func deaf() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            try cluster.network.drop(at: "c", "udp dport 7946")
            for observer in ["a", "b"] {
                let isReported = try eventually {
                    try !cluster[observer].events(.asymmetric, of: "c").isEmpty
                }
                #expect(isReported, "\(cluster[observer].logText)")
                #expect(try cluster[observer].peer("c").state == .trusted)
            }
            let knows = try eventually { try cluster["c"].status().isolated }
            #expect(knows, "\(cluster["c"].logText)")
            try cluster.network.admitAll(at: "c")
            try expectWell(cluster)
            for observer in ["a", "b"] { #expect(try !cluster[observer].hasSuspected()) }
        }

        @Test("a host that no host hears is suspected, and known to hear")
        func mute() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            let address = try cluster.network.address(of: "c")
            for observer in ["a", "b"] { try cluster.network.drop(at: observer, "ip saddr \(address)") }
            try expectFound("c", in: cluster)
            #expect(try !cluster["c"].hasSuspected())
            for observer in ["a", "b"] { try cluster.network.admitAll(at: observer) }
            try expectWell(cluster)
        }

        @Test("a host that gets another address is found there, once its name stands for that")
        func addressChange() throws {
            let cluster = try NetworkCluster(named: true)
            try cluster.start()
            try cluster.network.run("c", "ip address flush dev net0")
            try expectFound("c", in: cluster)
            try cluster.network.run("c", "ip address add 10.9.0.103/24 dev net0")
            try setName(of: "c", to: "10.9.0.103", in: cluster)
            try expectWell(cluster)
            // It may be heard from there before its name is looked up.
            let isFound = try eventually { try cluster["a"].peer("c").address == "10.9.0.103:7946" }
            #expect(isFound)
        }

        @Test("a reload looks names up again: a move that the DNS announced is no suspicion")
        func nameChange() throws {
            let cluster = try NetworkCluster(named: true)
            try cluster.start()
            try cluster.network.run("c", "ip address add 10.9.0.103/25 dev net0")
            try setName(of: "c", to: "10.9.0.103", in: cluster)
            for observer in ["a", "b"] {
                try cluster[observer].send(SIGHUP)
                let follows = try eventually {
                    try cluster[observer].peer("c").address == "10.9.0.103:7946"
                }
                #expect(follows)
            }
            let former = try cluster.network.address(of: "c")
            try cluster.network.run("c", "ip address del \(former)/24 dev net0")
            for observer in ["a", "b"] {
                #expect(try cluster[observer].hearsOn("c", microseconds: 1_500_000))
                #expect(try !cluster[observer].hasSuspected(), "\(cluster[observer].logText)")
            }
        }

        private func setName(of host: String, to address: String, in cluster: NetworkCluster) throws {
            try cluster.network.setNames(
                cluster.daemons.map {
                    ("\($0.id).example", $0.id == host ? address : try cluster.network.address(of: $0.id))
                })
        }

        /// All others suspect it.
        private func expectFound(_ host: String, in cluster: NetworkCluster) throws {
            for observer in cluster.daemons where observer.id != host {
                let finds = try eventually { try observer.peer(host).state == .suspected }
                #expect(finds, "\(observer.logText)")
            }
        }

        /// All trust each other again, and those to which nothing happened never stopped.
        private func expectWell(_ cluster: NetworkCluster) throws {
            try cluster.daemons.becomeTrusting(within: 20)
            for (observer, other) in [("a", "b"), ("b", "a")] {
                #expect(try cluster[observer].events(.suspect, of: other).isEmpty)
                #expect(try !cluster[observer].status().isolated)
            }
        }
    }
}

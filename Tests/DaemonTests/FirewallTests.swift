import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// Firewalls that refuse instead of dropping, while three hosts watch each other.
    @Suite("a firewall that refuses", .enabled(if: TestNetwork.isPossible, "no namespaces can be made here"))
    struct FirewallTests {
        @Test("what is rejected on its way to a peer that is heard is one finding, and no suspicion")
        func rejectsOneWay() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            let source = try cluster.network.address(of: "a")
            try cluster.network.reject(at: "c", "ip saddr \(source) udp dport 7946")
            let isFound = try eventually { try cluster["a"].peer("c").cause == .outbound }
            #expect(isFound, "\(cluster["a"].logText)")
            #expect(try cluster["a"].hearsOn("c", microseconds: 3_000_000))
            for observer in ["a", "b"] {
                #expect(
                    try cluster[observer].events(.suspect, of: "c").isEmpty, "\(cluster[observer].logText)")
                #expect(try cluster[observer].events(.confirm, of: "c").isEmpty)
            }
            let beginnings = try cluster["a"].events(.asymmetric, of: "c").map(\.timeUSec)
            #expect(beginnings.count == 1)
            let (peer, since) = (try cluster["a"].peer("c"), try #require(beginnings.first))
            #expect(abs((peer.outboundSinceUSec ?? 0) - since) < 50_000 && peer.sinceUSec < since)
            #expect(try cluster["c"].peer("a").outboundSinceUSec == nil)
            #expect(try cluster["a"].why("c").evidence.reason.contains("refuses the datagrams of this node"))
        }

        @Test(
            "a report that is none of a closed port is shown with the host that sends it, and changes nothing"
        )
        func prohibits() throws {
            let cluster = try NetworkCluster(["a", "c"])
            try cluster.start()
            let chain = "add chain inet test input { type filter hook input priority 0; }"
            let rule =
                "add rule inet test input ip saddr 10.9.0.1 udp dport 7946 reject with icmpx type admin-prohibited"
            try cluster.network.run("c", "nft 'add table inet test; \(chain); \(rule)'")
            let isShown = try eventually {
                try cluster["a"].why("c").evidence.reason.contains(
                    "10.9.0.2 reports that datagrams to this peer are not delivered: No route to host")
            }
            let reason = try cluster["a"].why("c").evidence.reason
            #expect(isShown, "\(reason)")
            #expect(try cluster["a"].events(.suspect, of: "c").isEmpty, "\(cluster["a"].logText)")
            try cluster.network.run("c", "nft delete table inet test")
            let isOver = try eventually {
                try !cluster["a"].why("c").evidence.reason.contains("reports that")
            }
            #expect(isOver, "what is acknowledged again is delivered")
        }

        @Test("a peer that a firewall rejects both ways, and that another host hears, is a broken link")
        func rejectsBothWays() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            let (a, c) = (try cluster.network.address(of: "a"), try cluster.network.address(of: "c"))
            try cluster.network.reject(at: "c", "ip saddr \(a) udp dport 7946")
            try cluster.network.reject(at: "a", "ip saddr \(c) udp dport 7946")
            let isFound = try eventually { try cluster["a"].peer("c").state == .suspected }
            #expect(isFound, "\(cluster["a"].logText)")
            let causes = try cluster["a"].events(.suspect, of: "c").map(\.cause)
            #expect(causes.allSatisfy { $0 == .link || $0 == .inbound }, "\(cluster["a"].logText)")
            #expect(try cluster["a"].events(.confirm, of: "c").isEmpty)
            #expect(try cluster["b"].events(.suspect, of: "c").isEmpty)
        }

        @Test(
            "a peer that dies while this host's own firewall refuses to send to it has no cause and no vote here"
        )
        func refusesOwn() throws {
            let cluster = try NetworkCluster()
            try cluster.start()
            let address = try cluster.network.address(of: "c")
            try cluster.network.refuseToSend(at: "a", "ip daddr \(address) udp dport 7946")
            let isFound = try eventually { try cluster["a"].peer("c").cause == .outbound }
            #expect(isFound, "\(cluster["a"].logText)")
            #expect(try cluster["a"].why("c").evidence.reason.contains("packet filter"))
            try cluster["c"].send(SIGKILL)
            for observer in ["a", "b"] {
                let suspects = try eventually { try cluster[observer].peer("c").state == .suspected }
                #expect(suspects, "\(cluster[observer].logText)")
            }
            #expect(try cluster["a"].peer("c").cause == .unknown, "\(cluster["a"].logText)")
            #expect(try cluster["b"].peer("c").cause == .crash, "\(cluster["b"].logText)")
            #expect(try !cluster["b"].peer("c").confirmed)
            try cluster.network.admitAll(at: "a")
            let confirms = try eventually { try cluster["b"].peer("c").confirmed }
            #expect(confirms, "\(cluster["b"].logText)")
        }
    }
}

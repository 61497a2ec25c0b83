import Glibc
import StatusAPI
import Testing

extension RealDaemons {
    /// Verdicts of several observers, reported over real sockets.
    @Suite("verdicts by quorum")
    struct QuorumTests {
        @Test("of four daemons one is killed: the three others confirm it, and each names the other two")
        func confirmed() throws {
            let cluster = try TestCluster(["a", "b", "c", "d"], detection: TestCluster.lan)
            try cluster.start()
            try cluster["c"].kill()
            for id in ["a", "b", "d"] {
                let observer = cluster[id]
                let confirms = try eventually { try observer.peer("c").confirmed }
                #expect(confirms, "\(id): \(observer.logText)")
                let others = ["a", "b", "d"].filter { $0 != id }
                #expect(try observer.peer("c").witnesses.map(\.id) == others)
                #expect(try observer.events(.confirm, of: "c").count == 1)
                let reply = try observer.client().call(
                    .witnesses, PeerParameters(id: "c"), as: WitnessesReply.self)
                #expect(
                    reply.own?.id == id && reply.observers == 3 && reply.quorum == 3 && reply.members == 4)
                #expect(reply.peer.witnesses.allSatisfy { $0.trusted && $0.counted })
                #expect(try observer.why("c").evidence.reason.hasSuffix("and a quorum is 3"))
            }
            try cluster["c"].start()
            try cluster.becomeTrusting()
            let forgotten = try eventually {
                try ["a", "b", "d"].allSatisfy { try cluster[$0].peer("c").witnesses.isEmpty }
            }
            #expect(forgotten)
            #expect(try !cluster["a"].peer("c").confirmed)
        }

        @Test("of six daemons three stop; when a reload has removed them, the others confirm a later crash")
        func afterIsolation() throws {
            let cluster = try TestCluster(["a", "b", "c", "d", "e", "f"], detection: TestCluster.lan)
            try cluster.start()
            let (alive, stopped) = (["a", "b", "c"].map { cluster[$0] }, ["d", "e", "f"])
            // Stopped, not killed: the kernel refuses nothing in their name.
            for id in stopped { try cluster[id].send(SIGSTOP) }
            let isIsolated = try eventually { try alive.allSatisfy { try $0.status().isolated } }
            #expect(isIsolated, "\(alive.map(\.logText))")
            for daemon in alive {
                var text = textOfFile(daemon.configuration)
                for (index, address) in cluster.addresses.enumerated() where index >= 3 {
                    let peer = "[[peer]]\nid = \"\(cluster.daemons[index].id)\"\naddress = \"\(address)\"\n"
                    text = text.replacing(peer, with: "")
                }
                try writeFile(text, to: daemon.configuration)
                try daemon.send(SIGHUP)
            }
            let isOver = try eventually {
                try alive.allSatisfy { try !$0.status().isolated && $0.events(.rejoined).count == 1 }
            }
            #expect(isOver, "\(alive.map(\.logText))")
            try cluster["c"].kill()
            let confirms = try eventually {
                try ["a", "b"].allSatisfy { try cluster[$0].peer("c").confirmed }
            }
            #expect(confirms, "\(alive.map(\.logText))")
            for id in stopped { try cluster[id].send(SIGCONT) }
        }
    }
}

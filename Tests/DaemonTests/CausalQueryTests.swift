import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What a daemon answers about causes and effects while it runs.
    @Suite("causes and effects, live")
    struct CausalQueryTests {
        @Test("a suspicion of a peer that only slept is proved false by the peer's own clock")
        func slept() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            try cluster.start()
            try cluster["c"].send(SIGSTOP)
            let suspected = try eventually { try cluster["a"].peer("c").state == .suspected }
            #expect(suspected)
            #expect(try cluster["a"].audit().suspicions.map(\.outcome) == [.undecided])
            try cluster["c"].send(SIGCONT)
            let settled = try eventually {
                try cluster["a"].audit().suspicions.first?.outcome == .provedFalse
            }
            #expect(settled)
            let reply = try cluster["a"].audit()
            let suspicion = try #require(reply.suspicions.first)
            let proof = try #require(suspicion.proof)
            #expect(proof.id == "c")
            #expect(try cluster["a"].events(.suspect, of: "c").first?.dot == suspicion.dot)
            let figures = try #require(reply.peers.first { $0.id == "c" })
            #expect(figures.provedFalse == 1 && figures.mistakeUSec > 0)

            let order = try cluster["a"].client().call(
                .happenedBefore, OrderParameters(left: suspicion.dot, right: proof), as: OrderReply.self)
            #expect(order.order == .before && order.certainty == .proved && order.basis == [proof])
            // The tool says the same.
            let reported = try Subprocess.run(
                Programs.control,
                ["--socket", cluster["a"].socket, "happened-before", "\(proof)", "\(suspicion.dot)"])
            #expect(reported.status == 0 && reported.text.hasPrefix("after: "), "\(reported.text)")
            let audit = try Subprocess.run(Programs.control, ["--socket", cluster["a"].socket, "audit"])
            #expect(audit.status == 0 && audit.text.contains("false (proved)"), "\(audit.text)")
            let conflicts = try Subprocess.run(
                Programs.control, ["--socket", cluster["a"].socket, "conflicts"])
            #expect(conflicts.status == 0, "\(conflicts.text)")
        }

        @Test(
            "a crash is confirmed by the new incarnation, and the clock names the latest event of every host")
        func crashed() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            try cluster.start()
            try cluster["c"].kill()
            let suspected = try eventually { try cluster["a"].peer("c").state == .suspected }
            #expect(suspected)
            let agreed = try eventually {
                let fronts = try cluster["a"].client().call(.getCut, as: CutReply.self).fronts
                return ["a", "b"].allSatisfy { id in
                    fronts.contains { $0.dot.id == id && $0.suspects.map(\.peer) == ["c"] }
                }
            }
            #expect(agreed, "in one state both suspect c")
            try cluster["c"].start()
            try cluster.becomeTrusting()
            let suspicion = try #require(try cluster["a"].audit().suspicions.first)
            #expect(suspicion.outcome == .crashConfirmed)
            #expect(try suspicion.proof?.epoch == cluster["c"].status().epoch)

            let clock = try cluster["a"].client().call(.getClock, as: GetClockReply.self).clock
            #expect(clock.dot.id == "a" && clock.entries.map(\.dot.id) == ["b", "c"])
            #expect(clock.exact, "three clocks fit into every datagram")
            #expect(clock.entries.allSatisfy { ($0.ageUSec ?? .max) < 5_000_000 })
            #expect(try clock.entries.last?.dot.epoch == cluster["c"].status().epoch)
        }
    }
}

extension TestDaemon {
    /// All its suspicions.
    func audit() throws -> AuditReply {
        try client().call(.audit, AuditParameters(id: nil), as: AuditReply.self)
    }
}

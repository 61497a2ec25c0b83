import CausalClock
import Testing

/// A process that continues with the incarnation of one that ended.
@Suite("suspicions in logs: processes that continue")
struct ContinuedProcessTests {
    private func outcome(start: String) throws -> LoggedSuspicion.Outcome {
        let log = """
            a@1 {"a@1":1, "c@1":1}
            2026-01-01T00:00:01Z SUSPECT peer=c@1 cause=daemon silent
            c@1 {"c@1":1}
            2026-01-01T00:00:00Z START
            \(start)
            c@1 {"c@1":9, "a@1":1}
            2026-01-01T00:00:03Z SEND

            """
        return try #require(LogHistory(entries(of: log)).suspicions().first).outcome
    }

    @Test(
        "a start in the same incarnation, before the suspect knew of the suspicion, shows that it had stopped"
    )
    func continued() throws {
        let start = "c@1 {\"c@1\":8}\n2026-01-01T00:00:02Z START lost=6"
        #expect(try outcome(start: start) == .restarted(as: ProcessName("c@1")))
    }

    @Test("without one it was suspected falsely")
    func provedFalse() throws {
        let send = "c@1 {\"c@1\":8}\n2026-01-01T00:00:02Z SEND"
        #expect(try outcome(start: send) == .provedFalse(by: #require(EventName("c@1:9"))))
    }
}

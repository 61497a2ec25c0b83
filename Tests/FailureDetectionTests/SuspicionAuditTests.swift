import CausalClock
import Testing

@testable import FailureDetection

/// Was it right to suspect? What the suspect's own messages prove afterwards.
@Suite("audit of our own suspicions")
struct SuspicionAuditTests {
    private func outcome(_ run: TimelineRun) throws -> SuspicionRecord.Outcome {
        try #require(run.monitor.suspicions.last).outcome
    }

    private func audit(_ run: TimelineRun, at column: Int) -> SuspicionAudit {
        run.monitor.audit(ofPeer: 0, at: TimelineRun.instant(of: column))
    }

    @Test(
        "a suspect that knows of its suspicion acted after it: proved false, by that event, and for so long")
    func provedFalse() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... h......... h.........
            b !  T......... ..P....... ....S..... .......... T......... ..........
            """)
        let record = try #require(run.monitor.suspicions.last)
        #expect(record.outcome == .provedFalse(by: Dot(host: host("b"), epoch: Epoch(10), counter: 2)))
        #expect(record.peer == host("b") && record.epoch == Epoch(10))
        #expect(record.dot == run.notices.first { $0.kind == .suspect }?.dot)
        let audit = audit(run, at: 60)
        #expect(audit.suspicions == 1 && audit.mistakes == 1 && audit.confirmed == 0 && audit.undecided == 0)
        #expect(audit.mistakeDuration == Timeline.tick * 16)
    }

    @Test("a suspicion that blames the link is no mistake when the suspect proves that it lived")
    func linkFault() throws {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... .......... h.........
            b >  .......... .......... ..p..p..p. .......... ..........
            b !  T......... .......... ..P....... ..K....... .......... X.........
            b !  .......... .......... .......... .......... .......... T.........
            c <  h......... h......... v......... v......... v......... v.........
            c !  T......... .......... .......... .......... ..........
            """)
        #expect(try #require(run.monitor.suspicions.last).isLinkFinding)
        let audit = audit(run, at: 60)
        #expect(audit.suspicions == 1 && audit.mistakes == 0 && audit.linkFaults == 1 && audit.undecided == 0)
        #expect(audit.mistakeDuration == .zero)
    }

    @Test("a suspect that is heard again, but has heard nothing of us since, proves nothing yet")
    func undecided() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... n.........
            b !  T......... ..P....... ....S..... .......... T.........
            """)
        #expect(try outcome(run) == .undecided)
        #expect(audit(run, at: 60).mistakes == 0 && audit(run, at: 60).undecided == 1)
        #expect(audit(run, at: 60).mistakeDuration == .zero)
        let later = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... n......... h.........
            b !  T......... ..P....... ....S..... .......... T......... ..........
            """)
        #expect(try outcome(later) == .provedFalse(by: Dot(host: host("b"), epoch: Epoch(10), counter: 3)))
        #expect(audit(later, at: 60).mistakeDuration == Timeline.tick * 16)
    }

    @Test("a message that was on its way before the suspicion proves nothing")
    func heldBack() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... g......... .......... .......... G.........
            b !  T......... ..P....... ....S..... ..........
            """)
        #expect(try outcome(run) == .undecided)
    }

    @Test(
        "a new incarnation confirms the crash, also of a suspect whose new incarnation knows of the suspicion"
    )
    func confirmed() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... R......... h.........
            b !  T......... ..P....... ....S..... .......... R......... ..........
            b !  .......... .......... .......... .......... T......... ..........
            """)
        #expect(try outcome(run) == .crashConfirmed(by: Dot(host: host("b"), epoch: Epoch(11), counter: 1)))
        #expect(audit(run, at: 60).confirmed == 1 && audit(run, at: 60).mistakes == 0)
    }

    @Test(
        "an event above the last words confirms that the process had ended, although the incarnation continues"
    )
    func continuedAfterLastWords() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h....W.... .......... .......... .......... j......... h.........
            b !  T......... ..P....... ....D..... .......... T......... ..........
            """)
        let event = Dot(host: host("b"), epoch: Epoch(10), counter: (1 << 14) + 1)
        #expect(try outcome(run) == .crashConfirmed(by: event))
        #expect(audit(run, at: 60).confirmed == 1 && audit(run, at: 60).mistakes == 0)
        #expect(
            run.monitor.trackRecord(ofPeer: 0, at: TimelineRun.instant(of: 60)).accuracyPerMillion
                == 1_000_000)
    }

    @Test(
        "a suspicion of the process that continued is settled by that one, and not by the end of the one before"
    )
    func falseAfterLastWords() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h....W.... j......... .......... .......... .......... h......... h.........
            b !  T......... .......... ..P....... ..S....... .......... T......... ..........
            """)
        #expect(audit(run, at: 70).mistakes == 1 && audit(run, at: 70).confirmed == 0)
    }

    @Test(
        "without last words, a process whose clock has gaps as never before may be another one: nothing is proved"
    )
    func continuedWithoutLastWords() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... c......... h.........
            b !  T......... ..P....... ....S..... .......... T......... ..........
            """)
        #expect(try outcome(run) == .undecided)
        let restarted = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... c......... h......... R.........
            b !  T......... ..P....... ....S..... .......... T......... .......... R.........
            """)
        #expect(audit(restarted, at: 70).confirmed == 1)
        let before = timeline(
            [peer("b")],
            """
            b <  c......... .......... .......... .......... c......... h.........
            b !  T......... ..P....... ....S..... .......... T......... ..........
            """)
        #expect(audit(before, at: 60).mistakes == 1, "its clock had gaps before, so they say nothing")
    }

    @Test("what was proved false stays so when the suspect restarts later")
    func falseThenRestart() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... h......... R.........
            b !  T......... ..P....... ....S..... .......... T......... R.........
            """)
        #expect(audit(run, at: 60).mistakes == 1 && audit(run, at: 60).confirmed == 0)
    }

    @Test("of a peer that was never heard no incarnation was suspected, so nothing can be proved")
    func neverHeard() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  .......... .......... .......... .......... .......... .......... h......... h.........
            b !  .......... .......... .......... P......... ..S....... .......... T......... ..........
            """)
        #expect(try outcome(run) == .undecided)
    }

    @Test("the ledger keeps the latest, and the figures of each peer count all")
    func bounded() throws {
        var monitor = Monitor(
            id: host("a"), epoch: Epoch(5), peers: [peer("b"), peer("c")], seed: 1,
            at: TimelineRun.instant(of: 0))
        for round in 0..<SuspicionLedger.capacity + 10 {
            monitor.recordSuspicion(of: round % 2, verdict: Verdict(.unknown, .suspected), at: .never)
            monitor.endSuspicion(of: round % 2, at: .never)
        }
        #expect(monitor.suspicions.count == SuspicionLedger.capacity)
        #expect(monitor.suspicions.first?.peer == host("b"))
        monitor.retune([peer("c")], at: .never)
        #expect(monitor.suspicions.allSatisfy { $0.peer == host("c") })
        #expect(monitor.suspicions.count == SuspicionLedger.capacity / 2)
    }
}

import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: silence and recovery")
struct TimelineSilenceTests {
    @Test("one lost heartbeat is forgiven, because a ping is answered")
    func oneLost() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... h......... h.........
            b <  .......... .......... ...o...... .......... ..........
            b >  .......... .......... ..p....... .......... ..........
            b !  T......... .......... ..P....... .......... ..........
            """)
    }

    @Test("after a silence come three pings, evenly spaced, and then the suspicion")
    func silence() throws {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... .......... .......... ..........
            b >  .......... .......... ..p..p..p. .......... .......... .......... ..........
            b !  T......... .......... ..P....... ..S....... .......... .......... ..........
            """)
        let evidence = try #require(run.notices.last?.evidence)
        #expect(evidence.lastHeard == TimelineRun.instant(of: 10))
        #expect(evidence.deadline == TimelineRun.instant(of: 22))
        #expect(evidence.probes.map(\.sent) == [22, 25, 28].map { TimelineRun.instant(of: $0) })
        #expect(evidence.probes.allSatisfy { $0.answered == nil })
        #expect(evidence.lastSequence == 2)
    }

    @Test("a verdict waits for the next heartbeat, where that is due just after the last ping, and no longer")
    func nextHeartbeat() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... ..h....... .......... ..........
            b >  .......... .......... ..p..p..p. .......... ....p..p.. p.........
            b !  T......... .......... ..P....... .......... ....P..... ....S.....
            """)
    }

    @Test("a heartbeat exactly at the deadline is in time, one tick later is not")
    func boundary() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... ..h.......
            b !  T......... ..........
            c <  h......... ...h......
            c !  T......... ..P.......
            """)
    }

    @Test("pings are further apart as long as no round trip was measured; recovery says how long it took")
    func recovery() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... .......... .......... .......... h......... h.........
            b >  .......... ..p...p... p......... .......... .......... ..........
            b !  T......... ..P....... ....S..... .......... T......... ..........
            """)
        #expect(run.notices.last?.duration == Timeline.tick * 16)
        #expect(run.monitor.report(ofPeer: 0).suspicions == 1)
    }

    /// The second ping to b asks, for c, d and e, whether our own link works; that to e has two others asked about it.
    @Test("whatever a peer says while it is pinged ends the pings")
    func anythingEndsPings() {
        timeline(
            [peer("b"), peer("c"), peer("d"), peer("e")],
            """
            b <  h......... ...h...... ....
            c <  h......... ...p...... ....
            d <  h......... ....o..... ....
            e <  h......... .......q.. ....
            b !  T......... ..P....... ....
            c !  T......... ..P....... ....
            d !  T......... ..P....... ....
            e !  T......... ..P....... ....
            b >  .......... ..p....... ....
            b >  .......... ..p....... ....
            c >  .......... ..po..p... ....
            d >  .......... ..p...p... ....
            e >  .......... ..p...p... ....
            """)
    }

    @Test("a peer that is first heard while it is being pinged is reported to be trusted")
    func firstHeardLate() {
        timeline(
            [peer("b")],
            """
            b <  .......... .......... .......... ..h....... ..
            b !  .......... .......... .......... P.T....... ..
            """)
    }

    @Test("a configured peer that never answers is suspected after the startup grace")
    func neverAnswers() {
        timeline(
            [peer("b")],
            """
            b >  .......... .......... .......... p...p...p. ..........
            b !  .......... .......... .......... P......... ..S.......
            """)
    }

    @Test("a peer that is first heard late is trusted, and after that judged by its heartbeats")
    func lateStart() {
        timeline(
            [peer("b")],
            """
            b <  .......... .......... .....h.... .....h.... .......... ..........
            b !  .......... .......... .....T.... .......... .......P.. .......S..
            """)
    }

    @Test("with pings turned off the deadline alone decides")
    func heartbeatMode() {
        timeline(
            [peer("b", mode: .heartbeat)],
            """
            b <  h......... h......... .......... h......... ..h.......
            b >  .......... .......... .......... .......... ..........
            b !  T......... .......... ..S....... T......... ..........
            """)
    }

    @Test("with pings turned off a peer that was never heard is suspected after the grace")
    func heartbeatModeNeverHeard() {
        timeline(
            [peer("b", mode: .heartbeat)],
            """
            b >  .......... .......... .......... ..........
            b !  .......... .......... .......... S.........
            """)
    }

    @Test("in ping mode we ask every interval, and ask on when an answer stays out")
    func pingMode() {
        timeline(
            [peer("b", mode: .ping)],
            """
            b <  .o........ .o........ .......... .......... .....o....
            b >  p......... p......... p..p..p... p......... p.........
            b !  .T........ .......... ...P.....S .......... .....T....
            """)
    }

    @Test("in ping mode a peer that is heard and answers nothing does not hear us, and is not silent")
    func pingModeDeaf() {
        timeline(
            [peer("b", mode: .ping)],
            """
            b <  .o.....n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n.. .......n..
            b >  p......... p......... p......... p......... p......... p......... p......... p......... p......... p......... p......... p......... p......... p
            b !  .T........ .......... .......... .......... .......... .......... .......... .......... .......... .......... .......A..
            """)
    }

    @Test("a heartbeat that was too long on the way leaves a suspicion as it is")
    func lateHeartbeat() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... y......... ....h.....
            b !  T......... .......... ..P....... ..S....... .......... ....T.....
            """)
    }

    @Test("a new interval counts from the message that announces it")
    func interval() {
        timeline(
            [peer("b")],
            """
            b <  h......... i......... .......... h......... .......... .......... ....
            b !  T......... .......... .......... .......... .......... ..P....... .S..
            """)
    }

    @Test("new settings keep what is known of a peer, and forget a peer that is gone")
    func retune() {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            c <  h......... h......... .......... .......... ..........
            b !  T......... .......... ..P....... .......... ..........
            b >  .......... .......... ..p..p..p. .p..p..p.. p..p..p..p
            c !  T......... .......... .......... .......... ..........
            """,
            actions: [
                15: { monitor, now in monitor.retune([peer("b", retries: 9)], at: now) }
            ])
        #expect(run.monitor.count == 1)
        #expect(run.monitor.clock.latest(of: host("c")) == nil)
        #expect(run.monitor.report(ofPeer: 0).lastHeard == TimelineRun.instant(of: 10))
    }

    @Test("a peer that comes and goes needs three heartbeats for its second recovery")
    func flapDamping() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... h......... .......... .......... h......... h......... h.........
            b !  T......... .......... ..P....... ..S....... T......... ..P....... ..S....... .......... .......... T.........
            """)
    }

    @Test(
        "on its way back a lost heartbeat is forgiven, a silence that pings would have confirmed is not"
    )
    func lossWhileRecovering() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... h......... .......... .......... h......... .......... h......... h.........
            b !  T......... .......... ..P....... ..S....... T......... ..P....... ..S....... .......... .......... .......... T.........
            """)
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... h......... .......... .......... h......... .......... .......... h......... h......... h.........
            b !  T......... .......... ..P....... ..S....... T......... ..P....... ..S....... .......... .......... .......... .......... .......... T.........
            """)
    }
}

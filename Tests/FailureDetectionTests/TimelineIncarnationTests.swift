import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: restart and leave")
struct TimelineIncarnationTests {
    @Test("a restart of a trusted peer is reported, and is no suspicion")
    func restartWhileTrusted() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... R......... h......... h.........
            b !  T......... .......... R......... .......... ..........
            """)
        #expect(run.notices.last?.epoch == Epoch(11))
        #expect(run.notices.last?.verdict == Verdict(.crash, .proved))
    }

    @Test("a suspected peer that restarts is reported as restarted, then trusted")
    func restartWhileSuspected() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... R......... h.........
            b !  T......... .......... ..P....... ..S....... R......... ..........
            b !  .......... .......... .......... .......... T......... ..........
            """)
    }

    @Test("a pending peer that restarts needs no answer to its pings any more")
    func restartWhilePending() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... ...R...... .......... ...h......
            b >  .......... .......... ..p....... .....p.... ..........
            b <  .......... .......... .......... ......o... ..........
            b !  T......... .......... ..PR...... .....P.... ..........
            """)
    }

    @Test("a peer that left is never suspected")
    func leave() {
        timeline(
            [peer("b")],
            """
            b <  h......... l......... .......... .......... .......... ..........
            b >  .......... .......... .......... .......... .......... ..........
            b !  T......... L......... .......... .......... .......... ..........
            """)
    }

    @Test("a restart after a leave is planned, not a crash")
    func restartAfterLeave() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... l......... .......... R......... h.........
            b !  T......... L......... .......... R......... ..........
            b !  .......... .......... .......... T......... ..........
            """)
        #expect(run.notices.first { $0.kind == .restart }?.verdict == nil)
    }

    @Test("a leave ends a suspicion, and a wait for pongs", arguments: [23, 40])
    func leaveWhileSilent(column: Int) {
        let silence = String(repeating: ".", count: column - 11)
        let suspicion = column > 31 ? ".......P" + ".........S.......L" : ".......PL"
        timeline(
            [peer("b")],
            """
            b <  h.........h\(silence)l..............................
            b !  T.............. \(suspicion)
            """)
    }

    @Test("news of a later incarnation has a peer that left pinged; it alone does not end the absence")
    func newsAfterLeave() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h.l....... .......... .......... .......... .......... .......... ..........
            b !  T......... ..L....... .......... .......... .......... .......... .......... ..........
            b >  .......... .......... p......... .......... .......... .......... .......... ..........
            c <  h......... h......... N......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... .......... .......... ..........
            """)
    }

    @Test("what was sent before a leave and arrives after it does not bring the peer back")
    func overtakenByLeave() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h...g..l.. .G........ .......... .......... ..........
            b !  T......... .......L.. .......... .......... .......... ..........
            c <  h......... h......... ...s.l.G.. .......... .......... ..........
            c !  T......... .......... ..P..L.... .......... .......... ..........
            """)
    }

    @Test("of three copies of a leave one is enough, and one is reported")
    func copies() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... l......... ..........
            b <  .......... .......... l......... ..........
            b <  .......... .......... d......... ..........
            b !  T......... .......... L......... ..........
            b !  .......... .......... d......... ..........
            """)
    }

    @Test("we notify every peer three times that we stop")
    func weLeave() {
        var run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h
            b !  T......... .
            c <  h......... h
            c !  T......... .
            """)
        var effects = Effects()
        run.monitor.handle(.leaving(), at: TimelineRun.instant(of: 11), into: &effects)
        let places = effects.items.compactMap { effect -> Int? in
            guard case .send(let outgoing) = effect, outgoing.body == .leave else { return nil }
            return outgoing.to
        }
        #expect(places.sorted() == [0, 0, 0, 1, 1, 1])
        #expect(effects.items.count == 6)
    }
}

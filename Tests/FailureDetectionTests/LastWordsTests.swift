import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: the last words of a daemon")
struct LastWordsTests {
    @Test("a suspicion that begins after them has the cause that the daemon has ended")
    func cause() {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....W.... .......... .......... ..........
            b !  T......... .......... ..P....... ..D....... ..........
            c <  h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... ..........
            """)
        #expect(run.notices.last?.verdict == Verdict(.daemon, .suspected))
        #expect(run.notices.last?.verdict.map { $0 == run.monitor.report(ofPeer: 0).verdict } == true)
    }

    @Test("they explain a suspicion that has just begun, too")
    func late() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .....W.... ..........
            b !  T......... .......... ..P....... ..C..D.... ..........
            c <  h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... ..........
            """)
    }

    @Test("they change no state, and a message that comes later voids them")
    func voided() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....W.... h......... .......... .......... ..........
            b !  T......... .......... .......... ..P....... ..C....... ..........
            c <  h......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... ..........
            """)
    }

    @Test("a later incarnation voids them, too")
    func laterIncarnation() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....W.... R......... .......... .......... ..........
            b !  T......... .......... R......... ..P....... ..C....... ..........
            c <  h......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... ..........
            """)
    }

    @Test("a copy is refused, and so are those of a process that another has continued, whenever they come")
    func copies() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....WW... j..W...... ....W..... .......... ..........
            b !  T......... ......d... ...d...... ..P.d..... ..C....... ..........
            c <  h......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... ..........
            """)
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... j....W.... ....W..... .......... ..........
            b !  T......... .......... .....o.... ..P.o..... ..C....... ..........
            c <  h......... h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... .......... ..........
            """)
    }

    @Test("before a peer was heard they say nothing of it")
    func unheard() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  ..W....... ..........
            b !  ..u....... ..........
            c <  h......... h.........
            c !  T......... ..........
            """)
    }

    @Test("older news of it through others does not contradict them; news of a process that continues does")
    func news() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....W.... .......... .......... ..........
            b !  T......... .......... ..P....... ..D....... ..........
            c <  h......... h......... v......... v......... v.........
            c !  T......... .......... .......... .......... ..........
            """)
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h....W.... .......... .......... ..........
            b !  T......... .......... ..P....... ..K....... ..........
            c <  h......... h......... V......... V......... V.........
            c !  T......... .......... .......... .......... ..........
            """)
    }

    @Test("they explain what is reported within the time in which a crash is, and no more")
    func hold() {
        var words = LastWords()
        let arrived = Instant(nanoseconds: 9_000_000_000)
        #expect(!words.explain(silenceReported: arrived, hold: .seconds(5)))
        words.take(7, arrived: arrived)
        #expect(words.explain(silenceReported: arrived + .seconds(5), hold: .seconds(5)))
        #expect(!words.explain(silenceReported: arrived + .milliseconds(5_001), hold: .seconds(5)))
        #expect(words.explain(silenceReported: arrived - .seconds(5), hold: .seconds(5)))
        #expect(!words.explain(silenceReported: arrived - .milliseconds(5_001), hold: .seconds(5)))
        words.heard(at: arrived)
        #expect(words.arrived != nil, "what arrived before them was sent before them")
        words.heard(at: arrived + .milliseconds(1))
        #expect(
            !words.explain(silenceReported: arrived + .seconds(1), hold: .seconds(5)) && words.number == 7)
    }
}

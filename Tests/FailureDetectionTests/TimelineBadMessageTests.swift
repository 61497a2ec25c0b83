import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: messages that prove nothing")
struct TimelineBadMessageTests {
    @Test("a message that was received before is no sign of life")
    func duplicate() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... d......... d.........
            b >  .......... .......... ..p..p..p. ..........
            b !  T......... .......... d.P....... d.S.......
            """)
    }

    @Test("nor is one that was overtaken")
    func reordered() {
        timeline(
            [peer("b")],
            """
            b <  h...g..... h......... .G........ ..........
            b >  .......... .......... ..p..p..p. ..........
            b !  T......... .......... ..P....... ..S.......
            """)
    }

    @Test("nor one of 100 numbers before")
    func outdated() {
        timeline(
            [peer("b")],
            """
            b <  h......... z......... .......... ..........
            b !  T......... o......... ..P....... ....S.....
            """)
    }

    @Test("nor one of an incarnation that has ended")
    func oldEpoch() {
        timeline(
            [peer("b")],
            """
            b <  h......... R......... E......... E.........
            b !  T......... R......... e.P....... e...S.....
            """)
    }

    @Test("nor one of an incarnation that lies too far ahead")
    func futureEpoch() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... f......... ..........
            b !  T......... .......... f.P....... ..S.......
            """)
    }

    @Test("nor a pong that no one asked for")
    func unsolicited() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... u.....u... u.........
            b >  .......... .......... ..p..p..p. ..........
            b !  T......... .......... u.P...u... u.S.......
            """)
    }

    @Test("nor a pong that was received before, even in a new number")
    func pongTwice() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... ...o...... .q........ ..........
            b >  .......... .......... ..p....... .....p..p. .p........
            b !  T......... .......... ..P....... .u...P.... .....S....
            """)
    }

    @Test("nor a pong that was held back for longer than any is waited for")
    func heldBackForLong() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... ...s..h... h......... h......... h......... h.........
            b !  T......... .......... ..P....... .......... .......... .......... ..........
            """)
    }

    @Test(
        "an unsolicited pong as a first message does not shorten the startup grace", arguments: ["u", "uu"])
    func unsolicitedFirst(pongs: String) {
        for mode in [MonitoringMode.heartbeatAndPing, .heartbeat] {
            let row = String(repeating: "u", count: pongs.count)
            timeline(
                [peer("b", mode: mode)],
                """
                b <  ..\(pongs)
                b !  ..\(row)......................
                """)
        }
    }

    @Test("a refused message changes neither clock nor books", arguments: ["d", "E", "f", "u"])
    func refusedChangesNothing(symbol: String) {
        let start = "h......... h......... R........."
        let before = timeline([peer("b")], "b <  \(start)\nb !  T......... .......... R").monitor
        var run = TimelineRun([peer("b")])
        let drawn = Timeline("b <  \(start)\(symbol)")
        for column in 0..<30 { run.step(column, of: drawn, action: nil) }
        #expect(run.monitor.clock.dot == before.clock.dot)
        #expect(run.monitor.clock.entries == before.clock.entries)
        #expect(run.monitor.evidence(of: 0) == before.evidence(of: 0))
    }

    @Test("an impossible claim about us is reported once, not with every message")
    func conflict() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... w......... w......... w......... h.........
            b !  T......... X......... .......... .......... ..........
            c <  h......... h......... h......... w......... h.........
            c !  T......... .......... .......... .......... ..........
            """)
    }
}

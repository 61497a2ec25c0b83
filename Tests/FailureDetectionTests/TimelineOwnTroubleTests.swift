import Testing

@testable import FailureDetection

/// What is our own fault is no other host's.
@Suite("timelines: our own pauses and losses")
struct TimelineOwnTroubleTests {
    @Test("what arrived while we were away counts from when it arrived")
    func pause() {
        timeline(
            [peer("b")],
            """
            me < .......... .......... ..-------- ---------- ---------- ..........
            b <  h......... h......... h......... h......... h......... h.........
            b !  T......... .......... .......... .......... .......... ..........
            me ! .......... .......... .......... .......... .......... Z.........
            """)
    }

    @Test("a pause forgives a silence for one interval, not indefinitely")
    func forgiven() {
        timeline(
            [peer("b", mode: .heartbeat)],
            """
            me < .......... .......... ---------- ---------- ---------- .......... .....
            b <  h......... h......... .......... .......... .......... .......... .....
            b !  T......... .......... .......... .......... .......... .......... .S...
            me ! .......... .......... .......... .......... .......... Z......... .....
            """)
    }

    @Test("a short lateness is not reported")
    func shortPause() {
        timeline(
            [peer("b")],
            """
            me < .......... ---------- ......... ..........
            b <  h......... h......... h......... h.........
            b !  T......... .......... .......... ..........
            """)
    }

    @Test("a host that stalls again and again still suspects a peer that is silent")
    func repeatedStalls() {
        let stalls = String(repeating: ".---", count: 15)
        let run = timeline(
            [peer("b", mode: .heartbeat)],
            """
            me < .......... .......... \(stalls)
            b <  h......... h.........
            b !  T......... .......... .......... .......... ....S
            """)
        #expect(run.monitor.health.stalls > 3)
    }

    @Test("a pause in the middle of a round of pings gives the round again")
    func pauseWhilePending() {
        timeline(
            [peer("b")],
            """
            me < .......... .......... .....----- .......... ..........
            b <  h......... h......... .......... .......... ..........
            b >  .......... .......... ..p....... p..p..p... ..........
            b !  T......... .......... ..P....... .........S ..........
            """)
    }

    @Test("datagrams that our kernel dropped may have been any host's heartbeats")
    func kernelDrops() {
        let run = timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat)],
            """
            me < .......... .......... .k........ ..........
            b <  h......... h......... .......... h.........
            b !  T......... .......... .......... ..........
            c <  h......... h......... .......... ..........
            c !  T......... .......... .......... ..C.......
            """)
        #expect(run.monitor.health.kernelDrops == 1)
    }

    @Test("a kernel that drops in every turn does not keep a dead peer alive")
    func dropsForEver() {
        timeline(
            [peer("b", mode: .heartbeat)],
            """
            me < .......... .......... kkkkkkkkkk kkkkkkkkkk kkkkkkkkkk
            b <  h......... h......... .......... .......... ..........
            b !  T......... .......... .......... ..S....... ..........
            """)
    }

    @Test("a pause does not undo what a heartbeat from before it promised")
    func arrivedJustBeforeThePause() {
        // Our host, kernel and all, stood still from tick 21 on, so nothing after the heartbeat of tick 21 arrived.
        timeline(
            [peer("b", mode: .heartbeat)],
            """
            me < .......... .......... .--------- ---------- ---------- ..........
            b <  h......... h......... .h........ .......... .......... .h........
            b !  T......... .......... .......... .......... .......... ..........
            me ! .......... .......... .......... .......... .......... Z.........
            """)
    }
}

import Testing

@testable import FailureDetection

/// If every host is silent simultaneously it is we who are cut off.
///
/// That is one finding, not one for every peer.
@Suite("timelines: isolation")
struct TimelineIsolationTests {
    @Test(
        "all peers silent simultaneously is one isolation; a peer that is still silent afterwards is judged then"
    )
    func isolated() {
        let run = timeline(
            [peer("b"), peer("c"), peer("d")],
            """
            b <  h......... h......... .......... .......... .......... h......... h......... h......... h.........
            b !  T......... .......... ..P....... .......... .......... T......... .......... .......... ..........
            c <  h......... h......... .......... .......... .......... .....h.... .....h.... .....h.... .....h....
            c !  T......... .......... ..P....... .......... .......... .....T.... .......... .......... ..........
            d <  h......... h......... .......... .......... .......... .......... .......... .......... ..........
            d !  T......... .......... ..P....... .......... .......... .......... ..C....... .......... ..........
            me ! .......... .......... .......... ..I....... .......... J......... .......... .......... ..........
            """)
        #expect(run.notices.first { $0.kind == .isolated }?.verdict == Verdict(.isolated, .suspected))
        #expect(run.notices.first { $0.kind == .rejoined }?.duration == Timeline.tick * 18)
    }

    @Test(
        "peers that fall silent together are found together, wherever their heartbeats lie in time",
        arguments: 1..<10)
    func phases(phase: Int) {
        let dots = String(repeating: ".", count: phase)
        var run = TimelineRun([peer("b"), peer("c")])
        let drawn = Timeline(
            """
            b <  h.........h.........
            c <  \(dots)h.........h....................................................
            """)
        for column in 0..<drawn.length { run.step(column, of: drawn, action: nil) }
        #expect(run.notices.map(\.kind).filter { $0 != .pending } == [.trust, .trust, .isolated])
    }

    @Test(
        "one silent peer of two is not isolation, wherever the other's heartbeats lie in time",
        arguments: 0..<10)
    func oneOfTwo(phase: Int) {
        for settings in [peer("b"), peer("b", retries: 0), peer("b", mode: .heartbeat)] {
            let dots = String(repeating: ".", count: phase)
            let living = Array(repeating: dots + "h" + String(repeating: ".", count: 9 - phase), count: 6)
            var other = settings
            other.id = host("c")
            var run = TimelineRun([settings, other])
            // The living peer answers every ping in the next tick.
            for column in 0..<60 {
                let ping = run.seen.symbols("c >", at: column - 1).contains("p") ? "o" : "."
                let row = String(repeating: ".", count: column) + ping
                run.step(
                    column, of: Timeline("b <  h.........h\nc <  \(living.joined())\nc <  \(row)"),
                    action: nil)
            }
            let kinds = run.notices.filter { $0.kind != .pending }.map(\.kind)
            #expect(kinds == [.trust, .trust, .suspect] || kinds == [.trust, .trust, .suspect, .suspect])
            #expect(run.notices.last?.peer == host("b"))
            #expect(run.notices.last?.verdict == Verdict(.crash, .suspected))
        }
    }

    @Test("while one peer is silent, another one is asked along whether our own link works, then why")
    func witness() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            b >  .......... .......... ..p..p..p. .......... ..........
            b !  T......... .......... ..P....... ..C....... ..........
            c <  .h........ .h........ .h.o...... .h........ .h........
            c >  .......... .......... ..p..p..p. .......... ..........
            c !  .T........ .......... .......... .......... ..........
            """)
    }

    @Test(
        "without pings the first one silent is suspected, and isolation is found when all others are overdue")
    func heartbeatMode() {
        timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat), peer("d", mode: .heartbeat)],
            """
            b <  h......... h......... .......... .......... .......... h.........
            b !  T......... .......... ..S....... .......... .......... T.........
            c <  ...h...... ...h...... .......... .......... .......... ...h......
            c !  ...T...... .......... .....S.... .......... .......... ...T......
            d <  ......h... ......h... .......... .......... .......... ......h...
            d !  ......T... .......... .......... .......... .......... ......T...
            me ! .......... .......... ........I. .......... .......... J.........
            """)
    }

    @Test("what cannot be sent while we blame ourselves changes no cause")
    func unsent() throws {
        let run = timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat)],
            """
            b <  h......... h......... .......... ..........
            b !  T......... .......... ..S....... ..........
            c <  ...h...... ...h...... .......... ..........
            c !  ...T...... .......... .......... ..........
            me ! .......... .......... .....I.... ..........
            """,
            actions: [
                30: { monitor, now in
                    var effects = Effects()
                    monitor.handle(.unsent(peer: 0, .filtered), at: now, into: &effects)
                }
            ])
        #expect(run.monitor.report(ofPeer: 0).verdict == Verdict(.unknown, .suspected))
        #expect(run.monitor.violatedInvariant == nil)
    }

    @Test(
        "a peer that was heard just before most fell silent, and is silent with them, is blamed on us as well"
    )
    func heardLast() {
        let peers = ["b", "c", "d", "e", "f"].map { peer($0, retries: 1) }
        timeline(
            peers,
            """
            b <  h......... h......... .......... .......... .......... ..........
            b !  T......... .......... ..P....... .......... .......... ..........
            c <  h......... h......... .......... .......... .......... ..........
            c !  T......... .......... ..P....... .......... .......... ..........
            d <  h......... h......... .......... .......... .......... ..........
            d !  T......... .......... ..P....... .......... .......... ..........
            e <  ........h. ........h. .......... .......... .......... ..........
            e !  ........T. .......... .......... P......... .......... ..........
            f <  ........h. ........h. .......... .......... .......... ..........
            f !  ........T. .......... .......... P......... .......... ..........
            me ! .......... .......... ........I. .......... .......... ..........
            """)
    }

    @Test("a peer that was gone before says nothing about the others")
    func goneBefore() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... .......... .......... ..........
            b !  T......... .......... ..P....... ..C....... .......... .......... ..........
            c <  h......... h......... h......... h......... h......... .......... ..........
            c !  T......... .......... .......... .......... .......... ..P....... ..S.......
            """)
    }

    @Test("a peer whose port is closed is within reach, so we are not isolated")
    func portClosed() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... ...x...... .......... ..........
            b !  T......... .......... ..P...C... .......... ..........
            c <  h......... h......... .......... .......... ..........
            c !  T......... .......... ..P....... ..S....... ..........
            """)
    }

    @Test("a host that watches one peer alone cannot distinguish isolation from a crash")
    func onlyPeer() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... ..........
            b !  T......... .......... ..P....... ..S....... ..........
            """)
    }
}

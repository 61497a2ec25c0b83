import Testing

@testable import FailureDetection

/// A host that reads its datagrams late knows so by their stamps, and judges later.
@Suite("late reads")
struct ReceiveLagTests {
    private let start = Instant(nanoseconds: 7_000_000_000)

    @Test("one datagram that is read late puts every verdict off")
    func lateReads() {
        // Read 2 ticks late, then 4, then 7: silence is judged 3, 6 and 10.5 ticks later.
        let run = timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat)],
            """
            b <  h......... h......... g...r..... g......r.. h.........
            b !  T......... .......... .......... .......... ..........
            c <  .....h.... .....g.r.. .....h.... .....h.... .....h....
            c !  .....T.... .......... .......... .......... ..........
            """)
        #expect(run.monitor.health.reading.bound == .milliseconds(105))
        #expect(run.monitor.health.recentLag == .milliseconds(105))
        #expect(run.monitor.health.stalls == 0)
    }

    @Test("without the first, the second would have been a suspicion")
    func withoutWarning() {
        timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat)],
            """
            b <  h......... h......... g...r..... h.........
            b !  T......... .......... ..S.T..... ..........
            c <  .....h.... .....h.... .....h.... .....h....
            c !  .....T.... .......... .......... ..........
            """)
    }

    @Test(
        "a peer that dies meanwhile is suspected, by the bound later for the deadline and for the last ping")
    func completeness() {
        // The lag score adds a sixteenth to each wait.
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            b >  .......... .......... .....p..p. ..p....... ..........
            b !  T......... .......... .....P.... ........C. ..........
            c <  .....h.... .....g.r.. .....h.... .....h.... .....h....
            c !  .....T.... .......... .......... .......... ..........
            """)
        #expect(run.monitor.health.reading.bound == .milliseconds(30))
    }

    @Test("a pause of our own is not reading late")
    func pause() {
        let run = timeline(
            [peer("b")],
            """
            me < .......... .......... ..-------- -------... ..........
            b <  h......... h......... h......... h......... h.........
            b !  T......... .......... .......... .......... ..........
            """)
        #expect(run.monitor.health.reading.bound == .zero)
        #expect(run.monitor.health.stalls == 1)
    }

    @Test(
        "the bound is one and a half times the longest lateness, ten seconds at most, and gone after ten seconds"
    )
    func bound() {
        var reading = ReceiveLag()
        #expect(bounds(of: &reading, after: .seconds(1), drained: false) == .zero)
        #expect(bounds(of: &reading, after: .milliseconds(9)) == .zero)
        #expect(bounds(of: &reading, after: .seconds(2)) == .seconds(3))
        #expect(bounds(of: &reading, after: .seconds(1)) == .seconds(3))
        #expect(age(&reading, by: .milliseconds(9_999)) == .seconds(3))
        #expect(age(&reading, by: .seconds(10)) == .zero)
        #expect(bounds(of: &reading, after: .seconds(3_600)) == ReceiveLag.longest)
        #expect(age(&reading, by: .seconds(3_600)) == .zero)
    }

    /// The bound after a datagram that is read so late at the start.
    private func bounds(of reading: inout ReceiveLag, after late: TimeSpan, drained: Bool = true)
        -> TimeSpan
    {
        if drained { reading.drained(at: start) }
        let before = reading.bound
        let hasChanged = reading.read(arrival: start - late, at: start)
        #expect(hasChanged == (reading.bound != before))
        return reading.bound
    }

    /// The bound so long after the start, with a check of every hundredth of it.
    private func age(_ reading: inout ReceiveLag, by span: TimeSpan) -> TimeSpan {
        for step in 1...100 as ClosedRange<Int64> { _ = reading.age(to: start + span / 100 * step) }
        return reading.bound
    }

    @Test("a consumer with a threshold of its own waits as well")
    func consumer() {
        timeline(
            [peer("b", mode: .heartbeat), peer("c", mode: .heartbeat)],
            consumer: .silence(.milliseconds(130)),
            """
            b <  h......... h......... g...r..... g......r..
            b !  T......... .......... .......... ..........
            c <  .....h.... .....g.r.. .....h.... .....h....
            c !  .....T.... .......... .......... ..........
            """)
    }
}

import Testing

@testable import FailureDetection

/// A host that is starved of time must neither blame others for it nor lose sight of them indefinitely.
@Suite("timelines: starvation")
struct TimelineStarvationTests {
    /// A loop that runs one tick in `period`, for `count` periods.
    private func starved(_ period: Int, _ count: Int) -> String {
        String(repeating: "." + String(repeating: "-", count: period - 1), count: count)
    }

    @Test(
        "a host that is starved all the time still suspects a crashed peer, within the bound that is stated",
        arguments: [MonitoringMode.heartbeat, .heartbeatAndPing], [2, 4, 11, 31])
    func crash(mode: MonitoringMode, period: Int) throws {
        var run = TimelineRun([peer("b", mode: mode)])
        let count = 1_200 / period
        let drawn = Timeline(
            """
            me < .......... .......... \(starved(period, count))
            b <  h......... h.........
            """)
        for column in 0..<drawn.length { run.step(column, of: drawn, action: nil) }
        let suspicion = try #require(run.notices.first { $0.kind == .suspect })
        let silence = suspicion.at - TimelineRun.instant(of: 10)
        let (interval, wait) = (TimeSpan.milliseconds(100), TimeSpan.milliseconds(120))
        let stall = Timeline.tick * Int64(period)
        let pings = mode == .heartbeat ? TimeSpan.zero : max(stall, .milliseconds(45)) * 3
        // Half as much again for the lag score; the last stall may end just after the deadline.
        let bound = wait + wait / 2 + (stall + interval) * 2 + wait * 4 + pings + stall
        #expect(silence <= bound, "\(silence) of \(bound)")
        #expect(run.notices.count { $0.kind == .suspect } == 1)
    }

    @Test(
        "however starved the host is, a peer whose datagrams wait to be read is not suspected",
        arguments: [MonitoringMode.heartbeat, .heartbeatAndPing], [2, 4, 11, 31])
    func living(mode: MonitoringMode, period: Int) {
        var run = TimelineRun([peer("b", mode: mode), peer("c", mode: mode)])
        let beats = String(repeating: "h.........", count: 120)
        let drawn = Timeline(
            """
            me < .......... .......... \(starved(period, 1_160 / period))
            b <  \(beats)
            c <  ...\(beats)
            """)
        for column in 0..<1_150 { run.step(column, of: drawn, action: nil) }
        #expect(run.notices.filter { [.suspect, .isolated].contains($0.kind) }.isEmpty)
    }

    @Test(
        "each sign of trouble raises the lag score by one, to eight at most; each calm second lowers it by one"
    )
    func score() {
        var score = LagScore()
        let start = TimelineRun.instant(of: 0)
        #expect(score.value(at: start) == 0)
        score.rise(at: start)
        score.rise(at: start + .milliseconds(99))
        #expect(score.value(at: start + .milliseconds(99)) == 1, "one sign in 100 ms counts")
        for step in 1...20 as ClosedRange<Int64> { score.rise(at: start + .milliseconds(100) * step) }
        let last = start + .seconds(2)
        #expect(score.value(at: last) == LagScore.maximum)
        #expect((0...9).map { score.value(at: last + .seconds($0)) } == [8, 7, 6, 5, 4, 3, 2, 1, 0, 0])
        #expect(
            score.widened(.milliseconds(160), at: last) == .milliseconds(240), "half as long again, at most")
        #expect(score.widened(.milliseconds(160), at: last + .seconds(7)) == .milliseconds(170))
    }

    @Test("stalls, drops of our own kernel, and three peers that leave pings unanswered raise the score")
    func signs() {
        let stall = timeline(
            [peer("b")],
            """
            me < .......... .......... --........
            b <  h......... h......... h.........
            b !  T......... .......... ..........
            """)
        #expect(stall.monitor.health.lagScore.value(at: TimelineRun.instant(of: 30)) == 1)
        let drop = timeline(
            [peer("b")],
            """
            me < .......... .k........
            b <  h......... h.........
            b !  T......... ..........
            """)
        #expect(drop.monitor.health.lagScore.value(at: TimelineRun.instant(of: 20)) == 1)
        var run = TimelineRun(["b", "c", "d", "e", "f", "g", "i"].map { peer($0) })
        let beats = String(repeating: "h.........", count: 4)
        let drawn = Timeline(
            """
            b <  h.........
            c <  h.........
            d <  h.........
            e <  \(beats)
            f <  \(beats)
            g <  \(beats)
            i <  \(beats)
            """)
        for column in 0..<17 { run.step(column, of: drawn, action: nil) }
        #expect(run.monitor.health.lagScore.value(at: TimelineRun.instant(of: 17)) == 1)
    }

    @Test("while the score is up a deadline is put off once, by half the wait at most")
    func wider() throws {
        var run = TimelineRun([peer("b", mode: .heartbeat)])
        let start = TimelineRun.instant(of: 0)
        let drawn = Timeline("b <  h.........h.............................")
        for column in 0..<40 {
            run.step(column, of: drawn) { monitor, now in
                for _ in 0..<LagScore.maximum where now == start + .milliseconds(150) {
                    monitor.health.unanswered(at: now)
                }
            }
        }
        let first = try #require(run.notices.first { $0.kind == .suspect })
        // One point: a sixteenth of 120 ms after tick 22.
        #expect(first.at == start + .milliseconds(220) + .microseconds(7_500))
        #expect(first.evidence?.lagScore.value(at: first.at) == 1)
    }
}

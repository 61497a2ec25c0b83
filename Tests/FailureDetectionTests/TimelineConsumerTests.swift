import Testing

@testable import FailureDetection

/// `s` in a row `c`: the consumer suspects; `t`: it trusts again.
@Suite("timelines: consumers with thresholds of their own")
struct TimelineConsumerTests {
    private static let quick = ConsumerThreshold.silence(.milliseconds(120))
    private static let patient = ConsumerThreshold.silence(.milliseconds(400))

    @Test("one that is quicker than the daemon suspects sooner, and trusts on the next heartbeat")
    func quicker() {
        timeline(
            [peer("b")], consumer: Self.quick,
            """
            b <  h......... h......... .......... .......... ...h......
            b !  T......... .......... ..P....... ..S....... ...T......
            b c  .......... .......... ..s....... .......... ...t......
            """)
    }

    @Test("one that is more patient suspects later, while the daemon suspects already")
    func slower() {
        timeline(
            [peer("b")], consumer: Self.patient,
            """
            b <  h......... h......... .......... .......... .......... .......... ...h......
            b !  T......... .......... ..P....... ..S....... .......... .......... ...T......
            b c  .......... .......... .......... .......... .......... s......... ...t......
            """)
    }

    @Test("one that is more patient does not notice a silence that the daemon suspected")
    func notNoticed() {
        timeline(
            [peer("b")], consumer: Self.patient,
            """
            b <  h......... h......... .......... .......... h......... h.........
            b !  T......... .......... ..P....... ..S....... T......... ..........
            """)
    }

    @Test("the threshold is never less than the interval that the peer announces")
    func atLeastTheInterval() {
        timeline(
            [peer("b", detector: .fixed(timeout: .milliseconds(300)))],
            consumer: .silence(.milliseconds(10)),
            """
            b <  h......... h......... .....h.... .....
            b !  T......... .......... .......... .....
            b c  .......... .......... s....t.... .....
            """)
    }

    @Test("a pong is a sign of life for it too")
    func pong() {
        timeline(
            [peer("b")], consumer: .silence(.milliseconds(150)),
            """
            b <  h......... h......... ...o...... .......... ......
            b !  T......... .......... ..P....... .....P.... .....S
            b c  .......... .......... .......... ........s. ......
            """)
    }

    @Test("a peer that left is not suspected; when it has come back, it is again")
    func left() {
        timeline(
            [peer("b")], consumer: Self.quick,
            """
            b <  h......... l......... .......... .......... h......... .......... ..........
            b !  T......... L......... .......... .......... T......... ..P....... ..S.......
            b c  .......... .......... .......... .......... .......... ..s....... ..........
            """)
    }

    @Test("one that is suspected and then says goodbye is trusted only when it is heard")
    func leftWhileSuspected() {
        timeline(
            [peer("b")], consumer: Self.quick,
            """
            b <  h......... h......... ......l... .......... .......... h....
            b !  T......... .......... ..P...L... .......... .......... T....
            b c  .......... .......... ..s....... .......... .......... t....
            """)
    }

    @Test("what had arrived is read before it judges: our own pause is not held against the peer")
    func ownPause() {
        timeline(
            [peer("b", detector: .fixed(timeout: .milliseconds(500)))], consumer: Self.quick,
            """
            b <  h......... h......... h......... h......... h......... h....
            me < .......... .....----- ---------- -----..... .......... .....
            b !  T......... .......... .......... .......... .......... .....
            """)
    }

    @Test("a pause that the peer's datagrams did not survive is forgiven once, then it is the peer's silence")
    func ownPauseWithLoss() {
        timeline(
            [peer("b", detector: .fixed(timeout: .milliseconds(900)))], consumer: Self.quick,
            """
            b <  h......... h......... .......... .......... .......... ......
            me < .......... .....----- ---------- -----..... .......... ......
            b !  T......... .......... .......... .......... .......... ......
            b c  .......... .......... .......... .......... ......s... ......
            """)
    }

    @Test("our own pause does not make a suspected peer trusted")
    func pauseWhileSuspected() {
        timeline(
            [peer("b")], consumer: Self.quick,
            """
            b <  h......... h......... .......... .......... .......... .......... h....
            me < .......... .......... .......... .....----- ---------- -----..... .....
            b !  T......... .......... ..P....... ..S....... .......... .......... T....
            b c  .......... .......... ..s....... .......... .......... .......... t....
            """)
    }

    @Test("a peer that was never heard is given the startup grace")
    func neverHeard() {
        timeline(
            [peer("b", grace: 300)], consumer: Self.quick,
            """
            b !  .......... .......... .......... P......... ..S.......
            b c  .......... .......... .......... s......... ..........
            """)
    }

    @Test("its verdicts change nothing in the daemon's own")
    func noInfluence() {
        let drawing = "h......... h......... .......... h..-----.. h......... .......... .......... h......"
        func notices(_ consumer: ConsumerThreshold?) -> [String] {
            var run = TimelineRun([peer("b")])
            run.consumer = consumer.map {
                ConsumerWatch($0, peers: [host("b")], of: run.monitor, at: TimelineRun.instant(of: 0))
            }
            let drawn = Timeline("b <  \(drawing)")
            for column in 0..<drawn.length { run.step(column, of: drawn, action: nil) }
            return run.notices.map { "\($0.kind) \($0.at) \($0.dot)" }
        }
        #expect(notices(nil).count > 3)
        #expect(notices(nil) == notices(Self.quick))
        #expect(notices(nil) == notices(Self.patient))
    }

    @Test("a level suspects when the accrual detector reaches it, whatever the detector's own threshold")
    func level() throws {
        for choice in [DetectorChoice.phi(threshold: 8), .exponential(threshold: 8)] {
            var run = TimelineRun([peer("b", mode: .heartbeat, detector: choice)])
            let drawn = Timeline("b <  h.........h.........h.........h.........")
            for column in 0..<31 { run.step(column, of: drawn, action: nil) }
            let last = try #require(run.monitor.lastHeard(ofPeer: 0))
            let low = try #require(run.monitor.deadline(ofPeer: 0, reaching: .level(1)))
            let own = try #require(run.monitor.report(ofPeer: 0).deadline)
            let high = try #require(run.monitor.deadline(ofPeer: 0, reaching: .level(20)))
            #expect(last < low && low < own && own < high)
            let level = try #require(run.monitor.level(ofPeer: 0, at: low))
            #expect(abs(level - 1) < 1e-3)
            #expect(try #require(run.monitor.level(ofPeer: 0, at: last)) < 0.01)
        }
    }

    @Test("a detector that reports no level has no deadline for one")
    func noLevel() {
        let run = timeline([peer("b")], "b <  h....\nb !  T....")
        #expect(run.monitor.level(ofPeer: 0, at: TimelineRun.instant(of: 4)) == nil)
        #expect(run.monitor.deadline(ofPeer: 0, reaching: .level(1)) == nil)
        #expect(!run.monitor.isAccrual(peer: 0))
    }

    @Test(
        "over a reload that moves the peers, verdicts on those that stay are kept, and new ones are watched")
    func reload() {
        let run = timeline(
            [peer("b"), peer("d")], consumer: Self.quick,
            """
            b <  h......... h......... .......... .......... .......... h......... h......
            b !  T......... .......... ..P....... ..C....... .......... T......... .......
            b c  .......... .......... ..s....... .......... .......... t......... .......
            d <  h......... h......... h......... h......... .......... .......... .......
            d !  T......... .......... .......... .......... .......... .......... .......
            """,
            reloads: [35: [peer("a1"), peer("b")]])
        #expect(run.consumer?.count == 2)
        #expect(run.seen.symbols("a1 c", at: 65) == ["s"])
    }

    @Test("a thousand peers cost one check each in a detection time, however many heartbeats come")
    func looks() {
        let settings = (0..<50).map { peer("p\($0)") }
        var run = TimelineRun(settings)
        var watch = ConsumerWatch(
            .silence(.seconds(1)), peers: settings.map(\.id), of: run.monitor,
            at: TimelineRun.instant(of: 0))
        let rows = settings.map { "\($0.id) <  " + String(repeating: "h.........", count: 40) }
        let drawn = Timeline(rows.joined(separator: "\n"))
        var looks = 0
        for column in 0..<400 {
            run.step(column, of: drawn, action: nil)
            let now = TimelineRun.instant(of: column)
            if watch.nextLook <= now { looks += 1 }
            watch.judge(by: run.monitor, at: now) { _ in Issue.record("nobody is silent") }
        }
        #expect(looks <= 6)
    }
}

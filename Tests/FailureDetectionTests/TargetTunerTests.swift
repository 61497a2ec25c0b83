import Testing

@testable import FailureDetection

@Suite("settings that follow a target")
struct TargetTunerTests {
    private let start = Instant(nanoseconds: 1_000)
    private let target = QualityTarget(
        detectionTime: .seconds(1), mistakeRecurrence: .seconds(30 * 86_400), mistakeDuration: .seconds(60))

    private func path(loss: Double, deviation: TimeSpan = .milliseconds(2)) -> PathQuality {
        PathQuality(
            loss: LossModel(independent: loss, memory: LossModel.assumedMemory), delayDeviation: deviation,
            expectedDelay: .milliseconds(1), roundTrip: .milliseconds(2))
    }

    private func tuner(_ target: QualityTarget? = nil, mode: MonitoringMode = .heartbeatAndPing)
        -> TargetTuner
    {
        var settings = peer("b", mode: mode)
        settings.target = target ?? self.target
        var tuner = TargetTuner(settings, target: target ?? self.target, at: start)
        tuner.tune(measured: nil, announced: nil, at: start)
        return tuner
    }

    /// Tunes every ten seconds for the whole time, at a peer that sends as often as we do.
    ///
    /// - Returns: how often the settings changed, and how often there was something to report.
    private func run(
        _ tuner: inout TargetTuner, for span: TimeSpan, from begin: Instant,
        path: (Int) -> PathQuality
    ) -> (changes: Int, news: Int, end: Instant) {
        var (changes, news, now) = (0, 0, begin)
        for step in 0..<Int(span.nanoseconds / TargetTuner.period.nanoseconds) {
            now = now + TargetTuner.period
            let before = tuner.settings
            tuner.tune(measured: path(step), announced: tuner.interval, at: now)
            if tuner.settings != before { changes += 1 }
            if tuner.takeNews(at: now) { news += 1 }
        }
        return (changes, news, now)
    }

    @Test("begin with what is assumed, and keep the target on that")
    func assumed() {
        let tuner = tuner()
        #expect(!tuner.isMeasured && tuner.path == .assumed && tuner.limit == nil)
        #expect(tuner.report.detectionTime <= target.detectionTime)
        #expect(tuner.plan.mistakeRecurrence >= target.mistakeRecurrence)
        #expect(tuner.settings.interval == tuner.interval)
        #expect(tuner.settings.detector == .median(margin: tuner.plan.margin))
        #expect(tuner.settings.minimumTimeout == tuner.plan.pingTimeout)
    }

    @Test("wait for a pong as long as is configured, until the path is measured")
    func waits() {
        var settings = peer("b", mode: .heartbeatAndPing)
        settings.target = target
        var tuner = TargetTuner(settings, target: target, at: start)
        let configured = (tuner.settings.minimumTimeout, tuner.settings.maximumTimeout)
        #expect(configured == (settings.minimumTimeout, settings.maximumTimeout), "before the first look")
        tuner.tune(measured: nil, announced: nil, at: start)
        #expect(tuner.settings.maximumTimeout == settings.maximumTimeout)
        tuner.tune(measured: path(loss: 0.01), announced: nil, at: start + TargetTuner.period)
        #expect(tuner.settings.maximumTimeout == tuner.plan.pingTimeout)
    }

    @Test("change once when the path is measured, and not while it changes by a few percent")
    func steady() {
        var tuner = tuner()
        let (changes, news, _) = run(&tuner, for: .seconds(3_600), from: start) {
            path(loss: 0.010 + 0.000_3 * Double($0 % 3), deviation: .microseconds(2_000 + Int64($0 % 5) * 20))
        }
        #expect(changes <= 3, "\(changes)")
        #expect(news == 0)
    }

    @Test("are tightened within ten seconds on a path that has become worse, and relaxed within minutes")
    func following() {
        var tuner = tuner()
        var now = run(&tuner, for: .seconds(600), from: start) { _ in path(loss: 0.002) }.end
        let calm = tuner.interval
        now = now + TargetTuner.period
        tuner.tune(measured: path(loss: 0.2, deviation: .milliseconds(20)), announced: calm, at: now)
        let tight = tuner.interval
        #expect(tight < calm)
        _ = run(&tuner, for: TargetTuner.searchPeriod + TargetTuner.period, from: now) { _ in
            path(loss: 0.002)
        }
        #expect(tuner.interval > tight)
    }

    @Test(
        "that no path could keep are kept in time, not in mistakes; it is reported once, and when it is over")
    func infeasible() {
        var hard = target
        hard.detectionTime = .milliseconds(40)
        hard.mistakeRecurrence = .seconds(3_600)
        var tuner = tuner(hard)
        let early = tuner.takeNews(at: start)
        #expect(tuner.limit != nil && !early, "what rests on assumptions is not told")
        let bad = run(&tuner, for: .seconds(900), from: start) { _ in path(loss: 0.3) }
        #expect(bad.news == 1)
        #expect(tuner.limit == .mistakeRecurrence && tuner.goal.detectionTime == hard.detectionTime)
        #expect(tuner.report.detectionTime <= hard.detectionTime + hard.detectionTime / 100)
        #expect(tuner.plan.mistakeRecurrence < hard.mistakeRecurrence && tuner.plan.mistakeRecurrence > .zero)
        let good = run(&tuner, for: .seconds(900), from: bad.end) { _ in
            path(loss: 1e-9, deviation: .microseconds(10))
        }
        #expect(tuner.limit == nil && tuner.goal == hard)
        #expect(good.news == 1)
    }

    @Test(
        "are those of a good path as soon as a bad one has become good again, and the interval is never long")
    func recovering() {
        var tuner = tuner()
        var now = run(&tuner, for: .seconds(300), from: start) { _ in path(loss: 0.001) }.end
        let calm = tuner.interval
        now =
            run(&tuner, for: .seconds(300), from: now) { _ in path(loss: 0.6, deviation: .milliseconds(90)) }
            .end
        #expect(tuner.limit == .mistakeRecurrence)
        #expect(tuner.interval <= calm)
        #expect(tuner.report.detectionTime <= target.detectionTime + target.detectionTime / 100)
        tuner.tune(measured: path(loss: 0.001), announced: calm, at: now + TargetTuner.period)
        #expect(tuner.limit == nil && tuner.interval == calm && tuner.goal == target)
    }

    @Test("wait for their turn to be searched, so that one turn has one search")
    func turns() {
        var settings = peer("b")
        settings.target = target
        var tuner = TargetTuner(settings, target: target, at: start)
        let before = tuner.settings
        tuner.tune(measured: nil, announced: nil, at: start, maySearch: false)
        #expect(tuner.searches == 0 && tuner.settings == before && tuner.due == start + TargetTuner.spacing)
        tuner.tune(measured: nil, announced: nil, at: tuner.due)
        #expect(tuner.searches > 0 && tuner.due == start + TargetTuner.spacing + TargetTuner.period)
    }

    @Test("promise what they keep from the first moment on, also those that were configured")
    func promise() {
        var settings = peer("b")
        settings.target = target
        let tuner = TargetTuner(settings, target: target, at: start)
        #expect(tuner.report.plan.mistakeRecurrence > .zero)
    }

    @Test("on a path that loses everything are kept as they were")
    func lost() {
        var tuner = tuner()
        let before = tuner.settings
        tuner.tune(measured: path(loss: 1), announced: nil, at: start + TargetTuner.period)
        #expect(tuner.settings == before && tuner.limit != nil)
    }

    @Test("for a peer that announces another interval follow it immediately, and then once a second at most")
    func announced() {
        var tuner = tuner()
        let measured = path(loss: 0.001)
        tuner.tune(measured: measured, announced: tuner.interval, at: start + .seconds(5))
        let changed = start + .milliseconds(5_010)
        tuner.hasten(at: changed)
        #expect(tuner.due == changed)
        tuner.tune(measured: measured, announced: .milliseconds(50), at: changed)
        #expect(tuner.plan.interval == .milliseconds(50))
        #expect(tuner.report.detectionTime <= target.detectionTime)
        for _ in 0..<3 {
            tuner.hasten(at: changed + .milliseconds(100))
            #expect(tuner.due == changed + .seconds(1))
        }
        tuner.tune(measured: measured, announced: .milliseconds(40), at: changed + .seconds(1))
        tuner.hasten(at: start + .seconds(9))
        #expect(tuner.due == start + .seconds(9))
    }

    @Test("have no pings in mode heartbeat, and only pings in mode ping", arguments: [true, false])
    func modes(hasPings: Bool) {
        let tuner = tuner(mode: hasPings ? .ping : .heartbeat)
        #expect((tuner.plan.pingTimeout > .zero) == hasPings)
        #expect(tuner.limit == nil)
        let total = tuner.plan.interval + tuner.plan.pinging
        #expect(total <= target.detectionTime)
    }

    @Test("nonsense is tolerated", arguments: [Int64.min, 0, 1, .max])
    func nonsense(nanoseconds: Int64) {
        let span = TimeSpan(nanoseconds: nanoseconds)
        var tuner = tuner(QualityTarget(detectionTime: span, mistakeRecurrence: span, mistakeDuration: span))
        let wild = PathQuality(
            loss: LossModel(rate: .nan, persistence: -1, interval: span, memory: span), delayDeviation: span,
            expectedDelay: span, roundTrip: span)
        tuner.tune(measured: wild, announced: span, at: start)
        #expect(tuner.settings.interval >= .milliseconds(1))
    }

    @Test("delays are measured as they are, whatever the clocks say, and an outage is not one of them")
    func delays() {
        var meter = DelayMeter()
        let interval = TimeSpan.milliseconds(100)
        var sent = Instant(nanoseconds: -77_000_000_000_000_000)
        for beat in 0..<2_000 as Range<Int64> {
            sent = sent + interval
            // 10 ms and 14 ms in turn: a deviation of 2 ms. One heartbeat comes an hour late.
            let delay = beat == 1_500 ? TimeSpan.seconds(3_600) : .milliseconds(10 + beat % 2 * 4)
            meter.record(LifeSign(sent: sent, arrived: sent + .seconds(9) + delay), interval: interval)
        }
        #expect(abs(meter.deviation.inSeconds - 0.002) < 1e-5)
        // Every other heartbeat leaves 20 ms late: that is a deviation, too.
        for beat in 0..<1_000 as Range<Int64> {
            sent = sent + interval + .milliseconds(beat % 2 == 0 ? 20 : -20)
            meter.record(LifeSign(sent: sent, arrived: sent + .seconds(9)), interval: interval)
        }
        #expect(abs(meter.deviation.inSeconds - 0.010) < 1e-4)
    }
}

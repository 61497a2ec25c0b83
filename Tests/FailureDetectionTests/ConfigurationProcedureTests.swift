import Testing

@testable import FailureDetection

@Suite("from a target to settings")
struct ConfigurationProcedureTests {
    private let day = TimeSpan.seconds(86_400)
    private let procedure = ConfigurationProcedure()

    private func plan(_ planning: DetectionPlanning) throws -> DetectionPlan {
        guard case .feasible(let plan) = planning else {
            Issue.record("\(planning)")
            return try #require(nil as DetectionPlan?)
        }
        return plan
    }

    /// Detection time, recurrence, loss, deviation of the delay, and the largest interval that keeps them, which an
    /// exhaustive search found; times in seconds.
    private static let published: [(Double, Double, Double, Double, Double)] = [
        (1, 86_400, 0.01, 0.020, 0.279_555), (1, 86_400, 0.03, 0.020, 0.228_843),
        (1, 30 * 86_400, 0.01, 0.020, 0.226_338), (2, 30 * 86_400, 0.05, 0.050, 0.317_660),
        (3, 365 * 86_400, 0.01, 0.005, 0.739_290), (0.5, 3_600, 0.01, 0.020, 0.150_800),
    ]

    @Test("independent losses, no pings: the intervals of the procedure for unknown delays", arguments: 0..<6)
    func published(index: Int) throws {
        let (time, recurrence, loss, deviation, interval) = Self.published[index]
        let target = QualityTarget(
            detectionTime: TimeSpan(seconds: time), mistakeRecurrence: TimeSpan(seconds: recurrence),
            mistakeDuration: .seconds(60))
        let path = PathQuality(
            loss: LossModel(independent: loss), delayDeviation: TimeSpan(seconds: deviation))
        let plan = try plan(procedure.plan(for: target, on: path))
        #expect(abs(plan.interval.inSeconds - interval) < 0.000_01)
        #expect(plan.interval + plan.margin == target.detectionTime)
        #expect(plan.mistakeRecurrence >= target.mistakeRecurrence)
        #expect(plan.retries == 0 && plan.pinging == .zero)
    }

    private func target(_ detection: TimeSpan, every recurrence: TimeSpan) -> QualityTarget {
        QualityTarget(detectionTime: detection, mistakeRecurrence: recurrence, mistakeDuration: .seconds(60))
    }

    @Test("losses that come in bursts need heartbeats more often")
    func bursts() throws {
        let target = target(.seconds(1), every: day)
        let deviation = TimeSpan.milliseconds(20)
        let alone = PathQuality(loss: LossModel(independent: 0.01), delayDeviation: deviation)
        let bursty = PathQuality(
            loss: LossModel(rate: 0.01, persistence: 0.3, interval: .milliseconds(100)),
            delayDeviation: deviation)
        let relaxed = try plan(procedure.plan(for: target, on: alone)).interval
        let tight = try plan(procedure.plan(for: target, on: bursty)).interval
        #expect(tight < relaxed)
    }

    @Test("a burst's memory fades with time: far apart, losses are independent")
    func fading() {
        let model = LossModel(rate: 0.02, persistence: 0.5, interval: .milliseconds(50))
        #expect(abs(model.lossAfterLoss(gap: 0.05) - 0.5) < 1e-12)
        #expect(model.lossAfterLoss(gap: 0) == 1)
        #expect(abs(model.lossAfterLoss(gap: 5) - 0.02) < 1e-9)
        #expect(LossModel(independent: 0.02).lossAfterLoss(gap: 0) == 0.02)
    }

    @Test("pings allow fewer heartbeats for the same promise on a short path")
    func pings() throws {
        let target = target(.seconds(1), every: day * 30)
        var path = PathQuality(loss: LossModel(independent: 0.02), delayDeviation: .milliseconds(1))
        let passive = try plan(procedure.plan(for: target, on: path))
        path.roundTrip = .milliseconds(2)
        let active = try plan(procedure.plan(for: target, on: path))
        #expect(active.interval > passive.interval)
        #expect(active.retries > 0 && active.pinging > .zero)
        let total = active.interval + active.margin + active.pinging
        #expect(max(total - target.detectionTime, target.detectionTime - total) <= .microseconds(1))
    }

    @Test("a target out of reach is called so, and the nearest one can be kept")
    func infeasible() throws {
        let target = target(.milliseconds(50), every: day * 365)
        let path = PathQuality(loss: LossModel(independent: 0.1), delayDeviation: .milliseconds(20))
        guard case .infeasible(let limit, let nearest) = procedure.plan(for: target, on: path) else {
            Issue.record("50 ms cannot be kept with delays of ±20 ms and 10 % loss")
            return
        }
        let offered = try #require(nearest)
        #expect(limit == .detectionTime)
        #expect(offered.detectionTime > target.detectionTime && offered.detectionTime < .seconds(5))
        #expect(offered.mistakeRecurrence == target.mistakeRecurrence)
        _ = try plan(procedure.plan(for: offered, on: path))
        var tighter = offered
        tighter.detectionTime = offered.detectionTime - offered.detectionTime / 20
        guard case .infeasible = procedure.plan(for: tighter, on: path) else {
            Issue.record("the nearest target offered is not the nearest")
            return
        }
    }

    @Test("mistakes that must end sooner than the next heartbeat can come are infeasible, too")
    func shortMistakes() throws {
        var target = target(.seconds(1), every: day)
        target.mistakeDuration = .milliseconds(2)
        let path = PathQuality(loss: LossModel(independent: 0.01), delayDeviation: .milliseconds(1))
        guard case .infeasible(let limit, let nearest) = procedure.plan(for: target, on: path) else {
            Issue.record("heartbeats every 2 ms are not planned")
            return
        }
        #expect(limit == .mistakeDuration)
        _ = try plan(procedure.plan(for: try #require(nearest), on: path))
    }

    @Test("no settings help on a path that loses everything")
    func nothingArrives() {
        let path = PathQuality(loss: LossModel(independent: 1), delayDeviation: .zero)
        let planning = procedure.plan(for: target(.seconds(1), every: day), on: path)
        #expect(planning == .infeasible(limit: .mistakeDuration, nearest: nil))
    }

    @Test("nonsense is infeasible and does not trap", arguments: [.min, -1, 0, 1, .max] as [Int64])
    func nonsense(nanoseconds: Int64) {
        let span = TimeSpan(nanoseconds: nanoseconds)
        let target = QualityTarget(detectionTime: span, mistakeRecurrence: span, mistakeDuration: span)
        for loss in [LossModel(independent: .nan), LossModel(rate: -1, persistence: 7, interval: span)] {
            let path = PathQuality(loss: loss, delayDeviation: span, expectedDelay: span, roundTrip: span)
            if case .feasible(let plan) = procedure.plan(for: target, on: path) {
                #expect(plan.interval > .zero)
            }
        }
    }

    @Test("the counter finds the rate and the persistence of a bursty path, and never trusts luck")
    func counter() {
        var counter = LossCounter()
        for _ in 0..<2_000 {
            for _ in 0..<96 { counter.count(lostBefore: 0) }
            counter.count(lostBefore: 3)
        }
        let model = counter.model(interval: .milliseconds(100))
        #expect(abs(model.rate - 0.03) < 0.001)
        #expect(abs(model.persistence - 2.0 / 3) < 0.001)
        var lucky = LossCounter()
        for _ in 0..<998 { lucky.count(lostBefore: 0) }
        #expect(lucky.model(interval: .milliseconds(100)).rate == 0.001)
    }
}

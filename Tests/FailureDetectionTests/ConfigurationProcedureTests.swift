import Glibc
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

    @Test(
        "out of reach: the detection time is kept, and the mistake recurrence gives way no more than it must")
    func infeasible() throws {
        let target = target(.milliseconds(50), every: day * 365)
        let path = PathQuality(loss: LossModel(independent: 0.1), delayDeviation: .milliseconds(20))
        guard case .infeasible(let limit, let nearest) = procedure.plan(for: target, on: path) else {
            Issue.record("50 ms cannot be kept with delays of ±20 ms and 10 % loss")
            return
        }
        let offered = try #require(nearest)
        #expect(limit == .mistakeRecurrence)
        #expect(offered.goal.detectionTime == target.detectionTime)
        #expect(offered.plan.interval + offered.plan.margin == target.detectionTime)
        #expect(offered.goal.mistakeRecurrence < target.mistakeRecurrence)
        #expect(offered.plan.mistakeRecurrence >= offered.goal.mistakeRecurrence)
        // What is offered can be kept, and four times as much cannot.
        _ = try plan(procedure.plan(for: offered.goal, on: path))
        var rarer = offered.goal
        rarer.mistakeRecurrence = rarer.mistakeRecurrence * 4 + .seconds(1)
        guard case .infeasible = procedure.plan(for: rarer, on: path) else {
            Issue.record("the nearest target offered is not the nearest")
            return
        }
    }

    @Test("a round trip longer than the detection time: as short as the path allows")
    func longRoundTrip() throws {
        let path = PathQuality(
            loss: LossModel(independent: 0.01), delayDeviation: .milliseconds(5),
            expectedDelay: .milliseconds(150), roundTrip: .milliseconds(300))
        guard
            case .infeasible(let limit, let nearest?) = procedure.plan(
                for: target(.milliseconds(100), every: day * 1_000), on: path)
        else {
            Issue.record("no ping of 300 ms fits into 100 ms")
            return
        }
        #expect(limit == .detectionTime)
        #expect(nearest.goal.detectionTime < .milliseconds(500))
        let plan = nearest.plan
        #expect(path.expectedDelay + plan.interval + plan.margin + plan.pinging <= nearest.goal.detectionTime)
    }

    @Test(
        "where the interval is the peer's, the nearest plan has as many pings as fit, for they cost nothing while it is heard"
    )
    func givenInterval() throws {
        // Two thirds of the messages that follow a lost one within ten milliseconds are lost as well.
        let path = PathQuality(
            loss: LossModel(rate: 0.2, persistence: 0.65, interval: .milliseconds(10)), delayDeviation: .zero,
            expectedDelay: .zero, roundTrip: .milliseconds(1))
        let receiving = procedure.receiving(every: .milliseconds(500))
        guard
            case .infeasible(_, let nearest?) = receiving.plan(
                for: target(.milliseconds(500), every: day * 30), on: path)
        else {
            Issue.record("no heartbeat every 500 ms shows a crash within 500 ms")
            return
        }
        #expect(nearest.plan.retries == 2 && nearest.plan.interval == .milliseconds(500), "\(nearest.plan)")
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
        let goal = try #require(nearest).goal
        #expect(goal.detectionTime == target.detectionTime && goal.mistakeRecurrence == day)
        _ = try plan(procedure.plan(for: goal, on: path))
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

    private func counter(_ path: (Int) -> Bool, messages: Int, interval: TimeSpan, at now: inout Instant)
        -> (LossCounter) -> LossCounter
    {
        let arrivals = (0..<messages).map(path)
        let begin = now
        now = now + interval * Int64(messages)
        return { counter in
            var (counter, missing, now, last) = (counter, 0, begin, begin)
            for arrives in arrivals {
                now = now + interval
                guard arrives else {
                    missing += 1
                    continue
                }
                counter.count(lostBefore: missing, after: now - last, at: now)
                (missing, last) = (0, now)
            }
            return counter
        }
    }

    @Test("the counter forgets losses that are over within a minute, and good times when they are over")
    func expiry() {
        let interval = TimeSpan.milliseconds(450)
        var now = Instant(nanoseconds: 7)
        let calm = counter({ _ in true }, messages: 20_000, interval: interval, at: &now)
        let lossy = counter({ $0 % 3 != 0 }, messages: 60, interval: interval, at: &now)
        let quiet = counter({ _ in true }, messages: 100, interval: interval, at: &now)
        let before = calm(LossCounter())
        #expect(before.model(interval: interval).rate < 0.000_2)
        let worse = lossy(before)
        #expect(worse.model(interval: interval).rate > 0.2)
        let better = quiet(worse).model(interval: interval)
        #expect(better.rate <= 0.031 && better.persistence == better.rate)
    }

    @Test("one loss in a thousand is remembered, and the thousand as well")
    func rareLoss() {
        var now = Instant(nanoseconds: 7)
        let interval = TimeSpan.milliseconds(450)
        let rare = counter({ $0 % 1_000 != 999 }, messages: 20_500, interval: interval, at: &now)
        #expect(abs(rare(LossCounter()).model(interval: interval).rate - 0.001) < 0.000_5)
    }

    @Test("the length of a burst is measured in time, not in pings that follow each other fast")
    func burstLength() {
        var counter = LossCounter()
        for _ in 0..<300 {
            for _ in 0..<20 { counter.count(lostBefore: 0) }
            counter.count(lostBefore: 5, after: .milliseconds(30))
        }
        let model = counter.model(interval: .milliseconds(450))
        #expect(model.interval == .milliseconds(5))
        #expect(model.lossAfterLoss(gap: 0.45) < model.rate + 0.001)
    }

    @Test(
        "a search is bounded, whatever is asked of whatever path", arguments: 1...400 as ClosedRange<UInt64>)
    func effort(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        func random(_ range: ClosedRange<Double>) -> Double {
            // Evenly over the orders of magnitude.
            let unit = Double(generator.next() >> 11) / Double(1 << 53)
            return range.lowerBound * exp(unit * log(range.upperBound / range.lowerBound))
        }
        let target = QualityTarget(
            detectionTime: TimeSpan(seconds: random(0.01...86_400)),
            mistakeRecurrence: TimeSpan(seconds: random(1...4e8)),
            mistakeDuration: TimeSpan(seconds: random(0.001...86_400)))
        let rate = random(1e-5...0.999)
        let roundTrip = random(1e-5...2)
        let path = PathQuality(
            loss: LossModel(
                rate: rate, persistence: max(rate, random(0.01...1)),
                interval: TimeSpan(seconds: random(0.001...10)),
                memory: .milliseconds(10)),
            delayDeviation: TimeSpan(seconds: random(0.001...1)),
            expectedDelay: TimeSpan(seconds: roundTrip / 2),
            roundTrip: seed % 4 == 0 ? nil : TimeSpan(seconds: roundTrip))
        var procedure = procedure
        procedure.expectsHeartbeats = seed % 5 != 0
        var effort = 0
        let planning = procedure.plan(for: target, on: path, effort: &effort)
        #expect(effort <= ConfigurationProcedure.maximumEffort)
        guard case .infeasible(let limit, let nearest) = planning else { return }
        guard let nearest else {
            Issue.record("nothing is offered: \(target), \(path)")
            return
        }
        let detection =
            path.expectedDelay + nearest.plan.interval + nearest.plan.margin + nearest.plan.pinging
        #expect(detection <= nearest.goal.detectionTime + .microseconds(1))
        #expect((nearest.goal.detectionTime > target.detectionTime) == (limit == .detectionTime))
        // One and a half round trips, a heartbeat and its margin.
        let shortest = TimeSpan(seconds: (roundTrip * 1.5 + 0.021 + 0.001) * 32 / 31)
        #expect(nearest.goal.detectionTime <= max(target.detectionTime * 2, shortest))
    }
}

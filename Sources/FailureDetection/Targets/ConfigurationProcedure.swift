/// From a target to settings: the configuration procedure of Chen, Toueg and Aguilera.
///
/// "On the quality of service of failure detectors", IEEE Transactions on Computers 51(5), 2002, section 6: for a
/// path of which only the loss p and the variance V of the delay are known, whatever the law of the delay. A peer is
/// wrongly suspected only when every heartbeat that could still have come in time is lost or late. With the interval
/// η and the detection time T, the j-th of them has T − j·η to arrive, and by Cantelli's inequality
///
///     P(lost or late) ≤ (V + p·x²) / (V + x²)        x = T − j·η
///     T_MR ≥ f(η) = η · ∏ⱼ (V + xⱼ²) / (V + p·xⱼ²)        j = 1 … ⌈T/η⌉ − 1
///     T_M ≤ η / γ        γ = (1 − p)·T² / (V + T²)
///
/// The largest η for which both bounds keep the target costs the fewest messages; the margin is α = T − η.
///
/// Two corrections. Losses come in bursts: after the first, p is the chance of a loss *after a loss* a time η before
/// (`LossModel`). And a missed deadline is only the first stage here: the peer is then pinged, `retries` + 1 times a
/// ping's timeout apart, and suspected when all pings fail. The pings take their time out of T, and each divides the
/// chance of a mistake again. Every number of retries is tried, with several timeouts, and the plan with the largest interval wins.
///
/// Where no plan keeps the target, the detection time is kept and the mistake recurrence gives way: of the plans of that
/// detection time the one that is wrong most rarely is taken, or one that costs fewer messages and is at most half as good.
/// Only where not even one heartbeat and one ping fit into the detection time is that longer: with three pings, if these
/// fit into twice the target, and else as short as the path allows.
///
/// A search multiplies at most `maximumEffort` factors, whatever the target and the path: there are at most 32 heartbeats in a
/// detection time, so that the intervals worth trying lie within a factor of 32.
public struct ConfigurationProcedure: Sendable, BitwiseCopyable {
    /// The shortest interval that may be planned.
    public var minimumInterval: TimeSpan
    /// The longest interval that may be planned; the peer's own, where that is given.
    public var maximumInterval = TimeSpan.maximum
    /// The shortest margin that may be planned.
    public var minimumMargin: TimeSpan
    /// The most retries that may be planned.
    public var maximumRetries: Int
    /// The longest wait for a pong.
    public var maximumTimeout: TimeSpan
    /// Whether the interval is the peer's, and not to be chosen.
    private var isIntervalGiven = false
    /// Whether the peer sends heartbeats; if not, only pings say that it is running.
    public var expectsHeartbeats = true

    /// A procedure within limits.
    public init(
        minimumInterval: TimeSpan = .milliseconds(10), minimumMargin: TimeSpan = .milliseconds(10),
        maximumRetries: Int = 5, maximumTimeout: TimeSpan = .seconds(1)
    ) {
        self.minimumInterval = max(minimumInterval, .milliseconds(1))
        self.minimumMargin = max(minimumMargin, .zero)
        self.maximumRetries = min(max(maximumRetries, 0), 16)
        self.maximumTimeout = max(maximumTimeout, .milliseconds(1))
    }

    /// The most factors, each a division and a few multiplications, that one search for a plan can take; well below a
    /// millisecond of processor time.
    static let maximumEffort = 150_000

    /// Settings for `target` on `path`, or the nearest that can be had.
    public func plan(for target: QualityTarget, on path: PathQuality) -> DetectionPlanning {
        var effort = 0
        return plan(for: target, on: path, effort: &effort)
    }

    /// The same; `effort` counts the factors that were multiplied.
    func plan(for target: QualityTarget, on path: PathQuality, effort: inout Int) -> DetectionPlanning {
        if let plan = largestIntervalPlan(for: target, on: path, &effort) { return .feasible(plan) }
        let needed = shortestMistakeDuration(on: path, target)
        guard needed < .maximum else { return .infeasible(limit: .mistakeDuration, nearest: nil) }
        var relaxed = target
        relaxed.mistakeDuration = max(target.mistakeDuration, needed)
        relaxed.detectionTime = detectionTime(nearest: target, on: path)
        let isLonger = relaxed.detectionTime > target.detectionTime
        if relaxed != target, let plan = largestIntervalPlan(for: relaxed, on: path, &effort) {
            return .infeasible(
                limit: isLonger ? .detectionTime : .mistakeDuration,
                nearest: NearestPlan(goal: relaxed, plan: plan))
        }
        return .infeasible(
            limit: isLonger ? .detectionTime : .mistakeRecurrence,
            nearest: mostAccuratePlan(for: relaxed, on: path, &effort))
    }

    /// This procedure for a peer that sends every `interval`: it decides on margin and retries alone.
    public func receiving(every interval: TimeSpan) -> Self {
        var procedure = self
        procedure.minimumInterval = max(interval, .milliseconds(1))
        procedure.maximumInterval = procedure.minimumInterval
        procedure.isIntervalGiven = true
        return procedure
    }

    /// The bound on T_MR that the settings of `plan` keep on `path`.
    public func recurrence(of plan: DetectionPlan, on path: PathQuality) -> TimeSpan {
        let pings = path.roundTrip.map {
            PingSchedule(retries: plan.retries, wait: plan.pingTimeout.inSeconds, roundTrip: $0.inSeconds)
        }
        var effort = 0
        return TimeSpan(
            seconds: path.recurrence(
                interval: plan.interval.inSeconds,
                time: expectsHeartbeats ? (plan.interval + plan.margin).inSeconds : 0,
                pingFailure: pings?.failure(on: path, isAfterLoss: expectsHeartbeats) ?? 1,
                upTo: .greatestFiniteMagnitude, effort: &effort))
    }

    /// The shortest interval that is planned for a target: more than 32 heartbeats in a detection time are not sent, but
    /// for mistakes that must be taken back sooner.
    func shortestInterval(for target: QualityTarget) -> TimeSpan {
        let share = TimeSpan(seconds: target.detectionTime.inSeconds / SearchSpace.maximumHeartbeats)
        let fair = min(share, target.mistakeDuration / 2)
        return min(max(minimumInterval, fair), max(maximumInterval, minimumInterval))
    }

    private func largestIntervalPlan(
        for target: QualityTarget, on path: PathQuality, _ effort: inout Int
    ) -> DetectionPlan? {
        // The first of the largest: the fewest retries.
        var best: DetectionPlan?
        for schedule in pingSchedules(for: target, on: path) {
            let least = best?.interval.inSeconds ?? 0
            let space = SearchSpace(target, path, schedule, self)
            guard let plan = space.largestPlan(above: least, effort: &effort),
                plan.interval > best?.interval ?? .zero
            else { continue }
            best = plan
        }
        return best
    }

    /// The plan of the target's detection time that is wrong most rarely, or nearly so with fewer messages.
    private func mostAccuratePlan(
        for target: QualityTarget, on path: PathQuality, _ effort: inout Int
    ) -> NearestPlan? {
        let spaces = pingSchedules(for: target, on: path).map { SearchSpace(target, path, $0, self) }
        var plans = spaces.flatMap { $0.plans(endingInTime: true, effort: &effort) }
        if plans.isEmpty { plans = spaces.flatMap { $0.plans(endingInTime: false, effort: &effort) } }
        guard let most = plans.map(\.mistakeRecurrence).max() else { return nil }
        let good = plans.filter { $0.mistakeRecurrence >= most / 2 }
        guard var plan = good.first else { return nil }
        // At the same interval the pings cost nothing but in a silence.
        let value = { (plan: DetectionPlan) in (plan.interval, plan.mistakeRecurrence) }
        for other in good where value(other) > value(plan) { plan = other }
        var goal = target
        goal.mistakeRecurrence = min(target.mistakeRecurrence, plan.mistakeRecurrence / 2)
        return NearestPlan(goal: goal, plan: plan)
    }

    private func pingSchedules(for target: QualityTarget, on path: PathQuality) -> [PingSchedule?] {
        guard path.roundTrip != nil else { return [nil] }
        let heartbeats = path.expectedDelay + shortestInterval(for: target) + minimumMargin
        let available = (target.detectionTime - heartbeats - .microseconds(1)).inSeconds
        return (0...maximumRetries).flatMap {
            PingSchedule.candidates($0, on: path, maximumTimeout: maximumTimeout, available: available)
        }
    }

    /// The detection time of `target` if a heartbeat and a ping fit into it, or the nearest that is possible.
    private func detectionTime(nearest target: QualityTarget, on path: PathQuality) -> TimeSpan {
        let shortest = detectionTime(on: path, pings: 1, wait: PingSchedule.shortestWait(on: path))
        guard target.detectionTime < shortest else { return target.detectionTime }
        let comfortable = detectionTime(on: path, pings: 3, wait: PingSchedule.timeout(on: path))
        // At an interval that is not ours to choose the factor would not help.
        guard !isIntervalGiven else { return comfortable }
        return max(shortest, min(comfortable, target.detectionTime * 2))
    }

    /// The shortest detection time into which a heartbeat and so many pings fit; without pings in mode `heartbeat`.
    private func detectionTime(on path: PathQuality, pings: Int64, wait: Double) -> TimeSpan {
        let wait = path.roundTrip == nil ? .zero : min(TimeSpan(seconds: wait), maximumTimeout)
        let rest = max(path.expectedDelay + minimumMargin + wait * pings, .zero)
        let share = TimeSpan(seconds: rest.inSeconds / (SearchSpace.maximumHeartbeats - 1))
        // What rounding may take off must not leave the last ping out.
        return rest + max(minimumInterval, share) + .microseconds(10)
    }

    /// The mistake duration that the shortest interval can just keep; `.maximum` if nothing gets through.
    private func shortestMistakeDuration(on path: PathQuality, _ target: QualityTarget) -> TimeSpan {
        let shortest = minimumInterval.inSeconds
        let after = path.loss.lossAfterLoss(gap: shortest)
        let time = max((target.detectionTime - path.expectedDelay).inSeconds, shortest)
        let onTime = 1 / (1 + path.delayDeviation.inSeconds * path.delayDeviation.inSeconds / (time * time))
        guard after < 1 else { return .maximum }
        return TimeSpan(seconds: shortest / ((1 - after) * onTime)) + .milliseconds(1)
    }
}

extension TimeSpan {
    /// The length in seconds.
    var inSeconds: Double { Double(nanoseconds) / 1e9 }

    /// A length of `seconds`, to the nearest nanosecond, saturated.
    init(seconds: Double) { self.init(rounding: seconds * 1e9) }
}

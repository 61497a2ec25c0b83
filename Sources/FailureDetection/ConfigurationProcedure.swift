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
    /// Whether the peer sends heartbeats; if not, only pings tell that it lives.
    public var expectsHeartbeats = true

    /// The longest detection time that is offered as the nearest feasible one: a day.
    private static let longestDetection = 86_400.0

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

    /// Settings for `target` on `path`, or the nearest target that can be met.
    public func plan(for target: QualityTarget, on path: PathQuality) -> DetectionPlanning {
        if let plan = largestIntervalPlan(for: target, on: path) { return .feasible(plan) }
        let needed = shortestMistakeDuration(on: path, target)
        let isDurationLimited = target.mistakeDuration < needed
        var relaxed = target
        relaxed.mistakeDuration = max(target.mistakeDuration, needed)
        return .infeasible(
            limit: isDurationLimited ? .mistakeDuration : .detectionTime,
            nearest: needed < .maximum ? withFeasibleDetectionTime(relaxed, on: path) : nil)
    }

    /// This procedure for a peer that sends every `interval`: it decides on margin and retries alone.
    public func receiving(every interval: TimeSpan) -> Self {
        var procedure = self
        procedure.minimumInterval = max(interval, .milliseconds(1))
        procedure.maximumInterval = procedure.minimumInterval
        return procedure
    }

    /// The bound on T_MR that the settings of `plan` keep on `path`.
    public func recurrence(of plan: DetectionPlan, on path: PathQuality) -> TimeSpan {
        let pings = path.roundTrip.map {
            PingSchedule(retries: plan.retries, wait: plan.pingTimeout.inSeconds, roundTrip: $0.inSeconds)
        }
        return TimeSpan(
            seconds: path.recurrence(
                interval: plan.interval.inSeconds, time: (plan.interval + plan.margin).inSeconds,
                pings: pings,
                hasHeartbeats: expectsHeartbeats, upTo: .greatestFiniteMagnitude))
    }

    private func largestIntervalPlan(
        for target: QualityTarget, on path: PathQuality, isCoarse: Bool = false
    ) -> DetectionPlan? {
        let schedules = path.roundTrip == nil ? [nil] : pingSchedules(on: path)
        let plans = schedules.compactMap { SearchSpace(target, path, $0, self).plan(isCoarse: isCoarse) }
        // The first of the largest: the fewest retries.
        return plans.reduce(nil) { best, plan in
            best.map { plan.interval > $0.interval ? plan : $0 } ?? plan
        }
    }

    private func pingSchedules(on path: PathQuality) -> [PingSchedule?] {
        (0...maximumRetries).flatMap {
            PingSchedule.candidates($0, on: path, maximumTimeout: maximumTimeout)
        }
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

    /// `target` with the shortest detection time, to a hundredth, that is feasible.
    private func withFeasibleDetectionTime(_ target: QualityTarget, on path: PathQuality) -> QualityTarget? {
        var infeasible = max(target.detectionTime.inSeconds, 0.001)
        var feasible = infeasible
        func isFeasible(_ seconds: Double) -> Bool {
            largestIntervalPlan(for: target.detecting(within: seconds), on: path, isCoarse: true) != nil
        }
        while !isFeasible(feasible) {
            guard feasible < Self.longestDetection else { return nil }
            infeasible = feasible
            feasible *= 2
        }
        while feasible > infeasible * 1.01 {
            let middle = (feasible + infeasible) / 2
            if isFeasible(middle) { feasible = middle } else { infeasible = middle }
        }
        let rounded = target.detecting(within: (feasible * 1_000).rounded(.up) / 1_000)
        return largestIntervalPlan(for: rounded, on: path) == nil
            ? target.detecting(within: feasible) : rounded
    }
}

extension QualityTarget {
    fileprivate func detecting(within seconds: Double) -> QualityTarget {
        var target = self
        target.detectionTime = TimeSpan(seconds: seconds)
        return target
    }
}

extension TimeSpan {
    /// The length in seconds.
    var inSeconds: Double { Double(nanoseconds) / 1e9 }

    /// A length of `seconds`, to the nearest nanosecond, saturated.
    init(seconds: Double) { self.init(rounding: seconds * 1e9) }
}

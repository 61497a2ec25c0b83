/// The intervals among which the configuration procedure searches for one schedule of pings.
///
/// The search is bounded: at most `maximumSteps` intervals, `refinements` more, and `maximumFactors` factors for each.
struct SearchSpace {
    /// The most factors of a product that are multiplied; those left out would only make it larger.
    static let maximumFactors = 64
    /// The most heartbeats that are sent in one detection time.
    static let maximumHeartbeats = 32.0
    /// The ratio of neighbouring intervals in the search for the largest.
    private static let stride = 0.98
    /// The same where the plan that is best is searched for.
    private static let coarseStride = 0.95
    /// How many intervals there are from the detection time down to its `maximumHeartbeats`-th part.
    private static let maximumSteps = 180
    /// How often the border between two neighbouring intervals is halved.
    private static let refinements = 24

    private let target: QualityTarget
    private let path: PathQuality
    private let pings: PingSchedule?
    private let limits: ConfigurationProcedure
    /// T: what is left of the detection time for heartbeats, in seconds.
    private let time: Double
    /// The chance that all pings fail.
    private let pingFailure: Double

    init(
        _ target: QualityTarget, _ path: PathQuality, _ pings: PingSchedule?, _ limits: ConfigurationProcedure
    ) {
        self.target = target
        self.path = path
        self.pings = pings
        self.limits = limits
        time = (target.detectionTime - path.expectedDelay).inSeconds - (pings?.duration ?? 0)
        pingFailure = pings?.failure(on: path, isAfterLoss: limits.expectsHeartbeats) ?? 1
    }

    private var shortest: Double { limits.shortestInterval(for: target).inSeconds }

    private var longest: Double {
        min(
            target.mistakeDuration.inSeconds, limits.maximumInterval.inSeconds,
            time - limits.minimumMargin.inSeconds)
    }

    /// The plan with the largest interval that keeps the target, if that is larger than `least` seconds; `effort` counts the
    /// factors that are multiplied.
    func largestPlan(above least: Double, effort: inout Int) -> DetectionPlan? {
        var interval = longest
        var rejected: Double?
        for _ in 0..<Self.maximumSteps {
            guard interval >= shortest, interval > least else { return nil }
            if keepsTarget(interval, &effort) {
                return plan(interval: refined(interval, below: rejected, &effort), &effort)
            }
            rejected = interval
            // The shortest interval is tried as well, wherever the strides would end.
            interval = interval > shortest ? max(interval * Self.stride, shortest) : 0
        }
        return nil
    }

    /// Plans that keep the detection time; with `endingInTime` the mistake duration, too.
    func plans(endingInTime: Bool, effort: inout Int) -> [DetectionPlan] {
        var plans: [DetectionPlan] = []
        var interval = longest
        for _ in 0..<Self.maximumSteps where interval >= shortest {
            if !endingInTime || endsInTime(interval) { plans.append(plan(interval: interval, &effort)) }
            interval = interval > shortest ? max(interval * Self.coarseStride, shortest) : 0
        }
        return plans
    }

    /// The border between an interval that keeps the target and a larger one that does not.
    private func refined(_ kept: Double, below rejected: Double?, _ effort: inout Int) -> Double {
        guard var rejected else { return kept }
        var kept = kept
        for _ in 0..<Self.refinements {
            let middle = (kept + rejected) / 2
            if keepsTarget(middle, &effort) { kept = middle } else { rejected = middle }
        }
        return kept
    }

    /// Whether a mistake ends soon enough when heartbeats come every `interval`.
    private func endsInTime(_ interval: Double) -> Bool {
        let afterLoss = path.loss.lossAfterLoss(gap: interval)
        let inTime = (1 - afterLoss) * time * time / (path.delayVariance + time * time)
        return interval <= inTime * target.mistakeDuration.inSeconds
    }

    private func keepsTarget(_ interval: Double, _ effort: inout Int) -> Bool {
        let wanted = target.mistakeRecurrence.inSeconds
        return endsInTime(interval) && recurrence(interval, upTo: wanted, &effort) >= wanted
    }

    private func recurrence(_ interval: Double, upTo limit: Double, _ effort: inout Int) -> Double {
        path.recurrence(
            interval: interval, time: limits.expectsHeartbeats ? time : 0, pingFailure: pingFailure,
            upTo: limit, effort: &effort)
    }

    private func plan(interval: Double, _ effort: inout Int) -> DetectionPlan {
        let rounded = TimeSpan(seconds: interval)
        return DetectionPlan(
            interval: rounded, margin: TimeSpan(seconds: time) - rounded, retries: pings?.retries ?? 0,
            pingTimeout: TimeSpan(seconds: pings?.wait ?? 0),
            mistakeRecurrence: TimeSpan(
                seconds: recurrence(interval, upTo: .greatestFiniteMagnitude, &effort)))
    }
}

extension PathQuality {
    /// V, in seconds squared.
    var delayVariance: Double { delayDeviation.inSeconds * delayDeviation.inSeconds }

    /// f(η), times what the pings add to it: a bound on the mean time between mistakes, in seconds.
    ///
    /// - Parameters:
    ///   - interval: η, in seconds.
    ///   - time: T, from the sending of a heartbeat to the deadline, less the mean delay, in seconds; 0 where the peer
    ///     sends no heartbeats, so that only the pings stand between an interval and a mistake.
    ///   - pingFailure: the chance that all pings after a deadline fail.
    ///   - limit: a bound from which on it does not matter how large it is; each factor only makes it larger.
    ///   - effort: counts the factors.
    /// - Returns: that time, or anything above `limit`.
    func recurrence(
        interval: Double, time: Double, pingFailure: Double, upTo limit: Double, effort: inout Int
    ) -> Double {
        let afterLoss = loss.lossAfterLoss(gap: interval)
        let variance = delayVariance
        var product = interval / pingFailure
        for index in 1...SearchSpace.maximumFactors {
            let patience = time - Double(index) * interval
            guard patience > 0, product < limit else { break }
            product /= cantelli(
                loss: index > 1 ? afterLoss : loss.rate, variance: variance, patience: patience)
            effort += 1
        }
        return product
    }
}

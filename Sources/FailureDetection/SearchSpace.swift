/// The intervals among which the configuration procedure looks for the largest, for one number of retries.
struct SearchSpace {
    private let target: QualityTarget
    private let path: PathQuality
    private let pings: PingSchedule?
    private let limits: ConfigurationProcedure
    /// T: what is left of the detection time for heartbeats, in seconds.
    private let time: Double

    /// Ratio of neighbouring intervals in the search for the largest.
    private static let stride = 0.98

    init(
        _ target: QualityTarget, _ path: PathQuality, _ pings: PingSchedule?, _ limits: ConfigurationProcedure
    ) {
        self.target = target
        self.path = path
        self.pings = pings
        self.limits = limits
        time = (target.detectionTime - path.expectedDelay).inSeconds - (pings?.duration ?? 0)
    }

    /// The plan with the largest interval that keeps the target; `nil` if none does.
    ///
    /// A coarse search looks at every other interval only, for a quick answer that may be no.
    func plan(isCoarse: Bool) -> DetectionPlan? {
        let stride = isCoarse ? Self.stride * Self.stride : Self.stride
        let shortest = limits.minimumInterval.inSeconds
        let longest = min(target.mistakeDuration.inSeconds, limits.maximumInterval.inSeconds)
        var interval = min(longest, time - limits.minimumMargin.inSeconds)
        var rejected: Double?
        while interval >= shortest {
            if keepsTarget(interval) { return plan(interval: refined(interval, below: rejected)) }
            rejected = interval
            // The shortest interval is tried as well, wherever the strides would end.
            interval = interval > shortest ? max(interval * stride, shortest) : 0
        }
        return nil
    }

    /// The border between an interval that keeps the target and a larger one that does not.
    private func refined(_ kept: Double, below rejected: Double?) -> Double {
        guard var rejected else { return kept }
        var kept = kept
        for _ in 0..<40 {
            let middle = (kept + rejected) / 2
            if keepsTarget(middle) { kept = middle } else { rejected = middle }
        }
        return kept
    }

    private func keepsTarget(_ interval: Double) -> Bool {
        let afterLoss = path.loss.lossAfterLoss(gap: interval)
        let inTime = (1 - afterLoss) * time * time / (path.delayVariance + time * time)
        guard interval <= inTime * target.mistakeDuration.inSeconds else { return false }
        let wanted = target.mistakeRecurrence.inSeconds
        return recurrence(interval, upTo: wanted) >= wanted
    }

    private func recurrence(_ interval: Double, upTo limit: Double = .greatestFiniteMagnitude) -> Double {
        path.recurrence(
            interval: interval, time: time, pings: pings, hasHeartbeats: limits.expectsHeartbeats, upTo: limit
        )
    }

    private func plan(interval: Double) -> DetectionPlan {
        let rounded = TimeSpan(seconds: interval)
        return DetectionPlan(
            interval: rounded, margin: TimeSpan(seconds: time) - rounded, retries: pings?.retries ?? 0,
            pingTimeout: TimeSpan(seconds: pings?.wait ?? 0),
            mistakeRecurrence: TimeSpan(seconds: recurrence(interval)))
    }
}

extension PathQuality {
    /// V, in seconds squared.
    var delayVariance: Double { delayDeviation.inSeconds * delayDeviation.inSeconds }

    /// f(η), times what the pings add to it: a bound on the mean time between mistakes, in seconds.
    ///
    /// - Parameters:
    ///   - interval: η, in seconds.
    ///   - time: T, from the sending of a heartbeat to the deadline, less the mean delay, in seconds.
    ///   - pings: those that follow the deadline.
    ///   - hasHeartbeats: whether the peer sends any; if not, only the pings stand between an interval and a mistake.
    ///   - limit: a bound from which on it does not matter how large it is; each factor only makes it larger.
    /// - Returns: that time, or anything above `limit`.
    func recurrence(
        interval: Double, time: Double, pings: PingSchedule?, hasHeartbeats: Bool, upTo limit: Double
    ) -> Double {
        let afterLoss = loss.lossAfterLoss(gap: interval)
        var product = interval / (pings?.failure(on: self, isAfterLoss: hasHeartbeats) ?? 1)
        var index = 1.0
        while hasHeartbeats, index * interval < time, product < limit {
            product /= cantelli(
                loss: index > 1 ? afterLoss : loss.rate, variance: delayVariance,
                patience: time - index * interval)
            index += 1
        }
        return product
    }
}

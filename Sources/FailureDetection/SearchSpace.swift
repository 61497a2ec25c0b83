/// The intervals among which the configuration procedure looks for the largest, for one number of retries.
struct SearchSpace {
    private let target: QualityTarget
    private let path: PathQuality
    private let pings: PingSchedule?
    private let limits: ConfigurationProcedure
    /// T: what is left of the detection time for heartbeats, in seconds.
    private let time: Double
    /// V, in seconds squared.
    private let variance: Double

    init(
        _ target: QualityTarget, _ path: PathQuality, _ pings: PingSchedule?, _ limits: ConfigurationProcedure
    ) {
        self.target = target
        self.path = path
        self.pings = pings
        self.limits = limits
        time = (target.detectionTime - path.expectedDelay).inSeconds - (pings?.duration ?? 0)
        variance = path.delayDeviation.inSeconds * path.delayDeviation.inSeconds
    }

    /// The plan with the largest interval that keeps the target; `nil` if none does.
    func plan(stride: Double) -> DetectionPlan? {
        let shortest = limits.minimumInterval.inSeconds
        var interval = min(target.mistakeDuration.inSeconds, time - limits.minimumMargin.inSeconds)
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
        let inTime = (1 - afterLoss) * time * time / (variance + time * time)
        guard interval <= inTime * target.mistakeDuration.inSeconds else { return false }
        return recurrence(interval) >= target.mistakeRecurrence.inSeconds
    }

    /// f(η), times what the pings add to it, in seconds.
    private func recurrence(_ interval: Double) -> Double {
        let afterLoss = path.loss.lossAfterLoss(gap: interval)
        var product = interval
        var index = 1.0
        while index * interval < time, product < .greatestFiniteMagnitude {
            product /= failure(loss: index > 1 ? afterLoss : path.loss.rate, time: time - index * interval)
            index += 1
        }
        return product / pingFailure
    }

    /// The chance that every ping fails: its request or its answer is lost, or comes after the verdict.
    private var pingFailure: Double {
        guard let pings else { return 1 }
        var remaining = pings.duration
        return pings.waits.reduce(1) { chance, wait in
            defer { remaining -= wait }
            let arrives = 1 - path.loss.lossAfterLoss(gap: wait)
            // Two ways: both variances add up, and both directions can lose.
            return chance
                * failure(
                    loss: 1 - arrives * arrives, time: remaining - pings.roundTrip, variance: 2 * variance)
        }
    }

    /// Cantelli's bound on the chance that a message is lost, or takes `time` longer than the mean.
    private func failure(loss: Double, time: Double, variance: Double? = nil) -> Double {
        let variance = variance ?? self.variance
        let square = max(time, 0) * max(time, 0)
        guard square > 0 else { return 1 }
        return (variance + loss * square) / (variance + square)
    }

    private func plan(interval: Double) -> DetectionPlan {
        let rounded = TimeSpan(nanoseconds: Int64(interval * 1e9))
        return DetectionPlan(
            interval: rounded, margin: TimeSpan(seconds: time) - rounded, retries: pings?.retries ?? 0,
            pinging: TimeSpan(seconds: pings?.duration ?? 0),
            mistakeRecurrence: TimeSpan(seconds: recurrence(interval)))
    }
}

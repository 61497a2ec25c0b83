internal import FailureDetection

/// Jacobson's estimator on the times between arrivals.
///
///     τ = A + SRTT(X) + K · RTTVAR(X)
struct JacobsonDetector: TraceDetector {
    private let deviations: Double
    private var smoothed: SmoothedTime?
    private var lastArrival: Instant?

    init(deviations: Double) { self.deviations = deviations }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let arrival = heartbeat.sign.arrived
        if let lastArrival { learn(Double((arrival - lastArrival).nanoseconds)) }
        lastArrival = arrival
        // Before any interval was seen, the nominal one is the first sample, without being learnt.
        let estimate = smoothed ?? SmoothedTime(Double(heartbeat.interval.nanoseconds))
        return arrival + TimeSpan(rounding: estimate.mean + deviations * estimate.deviation)
    }

    private mutating func learn(_ sample: Double) {
        guard smoothed != nil else {
            smoothed = SmoothedTime(sample)
            return
        }
        smoothed?.learn(sample)
    }
}

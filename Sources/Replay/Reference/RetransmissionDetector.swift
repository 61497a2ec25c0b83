internal import FailureDetection

/// Jacobson's estimator on delays, as TCP uses it for its retransmission timeout, anchored at the sending.
///
///     τ = S + I + SRTT(A − S) + K · RTTVAR(A − S)
struct RetransmissionDetector: TraceDetector {
    private let deviations: Double
    private var smoothed: SmoothedTime?

    init(deviations: Double) { self.deviations = deviations }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let sign = heartbeat.sign
        let delay = Double((sign.arrived - sign.sent).nanoseconds)
        if smoothed == nil { smoothed = SmoothedTime(delay) } else { smoothed?.learn(delay) }
        let timeout = smoothed.map { $0.mean + deviations * $0.deviation } ?? delay
        return sign.sent + heartbeat.interval + TimeSpan(rounding: timeout)
    }
}

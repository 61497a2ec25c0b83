internal import FailureDetection

/// The exponential φ as in Cassandra: long intervals are ignored.
///
///     τ = A + Φ · ln 10 · mean₁₀₀₀(X)        without any X > 2·I
///
/// The window starts with 2·I.
struct CassandraDetector: TraceDetector {
    private let multiple: Double
    private var intervals = MeanWindow(capacity: 1_000)
    private var lastArrival: Instant?

    init(threshold: Double) { multiple = threshold * 2.302585092994045684018 }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let arrival = heartbeat.sign.arrived
        let longest = heartbeat.interval * 2
        if let lastArrival {
            if arrival - lastArrival <= longest { intervals.append((arrival - lastArrival).nanoseconds) }
        } else {
            intervals.append(longest.nanoseconds)
        }
        lastArrival = arrival
        return arrival + TimeSpan(rounding: multiple * Double(intervals.mean ?? 0))
    }
}

internal import FailureDetection

/// NFD-E as published: heartbeats are numbered, and taken to have been sent on the stroke of the nominal interval.
///
///     τ = mean_W(A − I·s) + I·(s + 1) + α
///
/// Against `ChenDetector` it shows what a sender costs that drifts or stalls.
struct NominalChenDetector: TraceDetector {
    private let margin: TimeSpan
    private var delays: MeanWindow

    init(margin: TimeSpan, window: Int) {
        self.margin = margin
        delays = MeanWindow(capacity: window)
    }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let sign = heartbeat.sign
        delays.append((sign.arrived - sign.scheduled).nanoseconds)
        return sign.scheduled + TimeSpan(nanoseconds: delays.mean ?? 0) + heartbeat.interval + margin
    }
}

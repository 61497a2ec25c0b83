internal import FailureDetection

/// 2W-FD as published: the later of two expectations by nominal intervals, of windows of 1 and of 1,000.
///
///     τ = max(EA₁, EA₁₀₀₀) + Δto        EAₙ = meanₙ(A − I·s) + I·(s + 1)
struct NominalTwoWindowDetector: TraceDetector {
    private let margin: TimeSpan
    private var delays = MeanWindow(capacity: 1_000)

    init(margin: TimeSpan) { self.margin = margin }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let sign = heartbeat.sign
        let latest = (sign.arrived - sign.scheduled).nanoseconds
        delays.append(latest)
        let expected = TimeSpan(nanoseconds: max(latest, delays.mean ?? latest))
        return sign.scheduled + expected + heartbeat.interval + margin
    }
}

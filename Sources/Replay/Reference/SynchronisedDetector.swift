internal import FailureDetection

/// NFD-S of Chen, Toueg and Aguilera: clocks are synchronised, the deadline is a constant after the sending.
///
///     τ = S + I + δ
///
/// No real daemon can run it. With δ chosen afterwards it is the bound that `ClairvoyantBound` draws.
struct SynchronisedDetector: TraceDetector {
    let shift: TimeSpan

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        heartbeat.sign.sent + heartbeat.interval + shift
    }
}

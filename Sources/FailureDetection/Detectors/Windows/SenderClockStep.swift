/// Notices that a peer's clock was set back, so that all its heartbeats seem late for good.
///
/// A virtual machine that is paused or moved continues with a clock that has lost the time in between. Its stamps
/// then lie in the past by a constant, every heartbeat comes "after its deadline", and a window of old delays would
/// keep the peer suspected until it has been filled anew. A jump is distinguished from what resembles it:
///
/// - late heartbeats that were held back somewhere arrive bunched; these arrive as far apart as they were sent,
/// - a path that has become slow has a longer round trip; here the round trip is shorter than the lateness.
struct SenderClockStep: Sendable, BitwiseCopyable {
    private var previous: LifeSign?
    private var count = 0

    /// Notes a fresh heartbeat.
    ///
    /// - Parameters:
    ///   - sign: the heartbeat.
    ///   - lateness: how long after its deadline it arrived; zero or less when it was in time.
    ///   - interval: the announced time between heartbeats.
    ///   - roundTrip: the smoothed round trip; zero when unknown.
    /// - Returns: whether the sender's clock has jumped, so that what was learnt of its delays is void.
    mutating func note(_ sign: LifeSign, lateness: TimeSpan, interval: TimeSpan, roundTrip: TimeSpan) -> Bool
    {
        defer { previous = sign }
        guard lateness > roundTrip, lateness > .zero, let previous else {
            count = 0
            return false
        }
        let apart = sign.arrived - previous.arrived
        let shift = apart - (sign.sent - previous.sent)
        let isSteady =
            apart > interval / Tuning.clockStepSpread
            && max(shift, .zero - shift) < interval / Tuning.clockStepSpread
        count = isSteady ? count + 1 : 0
        guard count >= Tuning.clockStepHeartbeats else { return false }
        count = 0
        return true
    }
}

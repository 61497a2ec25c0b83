/// A peer's silence as consumers with thresholds of their own count it: the time in which we were away is left out.
///
/// The daemon's own deadline is moved at such times too, but only while it is still to come. A consumer may be more
/// patient than the daemon, so its silence continues to be counted when the daemon suspects already.
struct Silence: Sendable, BitwiseCopyable {
    /// When the silence began; our own pauses move it.
    private(set) var start: Instant
    /// Before this instant no peer is suspected, however short the threshold.
    private(set) var graceEnd: Instant
    /// What this silence was forgiven.
    private var forgiveness = StallAllowance()

    /// The silence of a peer that was never heard, and is given so long.
    init(at now: Instant, grace: TimeSpan) {
        start = now
        graceEnd = now + grace
    }

    /// Begins to watch an incarnation of the peer: what was granted to the one before is over.
    mutating func beginIncarnation() { graceEnd = Instant(nanoseconds: .min) }

    /// Notes a sign of life.
    mutating func heard(at arrival: Instant) {
        start = max(start, arrival)
        beginForgiveness()
    }

    /// What was forgiven until now counts no more.
    mutating func beginForgiveness() { forgiveness = StallAllowance() }

    /// Leaves out the time that this node was away, within the same bounds as `Peer.forgive`: a node that stalls all the time
    /// must not keep a consumer from its verdict.
    ///
    /// - Parameters:
    ///   - away: the length of the stall.
    ///   - interval: the time between the peer's heartbeats.
    ///   - budget: what all shorter stalls of one silence share.
    ///   - now: the present instant.
    mutating func forgive(_ away: TimeSpan, interval: TimeSpan, budget: TimeSpan, at now: Instant) {
        let before = max(start + interval, graceEnd)
        switch forgiveness.grant(away, budget: budget) {
        case .whole:
            start = min(start + away, now)
            graceEnd = max(graceEnd, now + interval + LocalHealth.stallThreshold)
        case .part(let part): start = min(start + part, now)
        }
        forgiveness.note(max(start + interval, graceEnd) - before)
    }
}

/// A peer's silence as consumers with thresholds of their own count it: the time in which we were away is left out.
///
/// The daemon's own deadline is moved at such times too, but only while it is still to come. A consumer may be more
/// patient than the daemon, so its silence goes on being counted when the daemon suspects already.
struct Silence: Sendable, BitwiseCopyable {
    /// When the silence began; our own pauses move it.
    private(set) var start: Instant
    /// Before this instant nobody is suspected, however short the threshold.
    private(set) var graceEnd: Instant
    /// Whether this silence was already forgiven a whole interval.
    private var wasForgiven = false

    /// The silence of a peer that was never heard, and is given so long.
    init(at now: Instant, grace: TimeSpan) {
        start = now
        graceEnd = now + grace
    }

    /// Begins to watch a life of the peer: what was granted to the one before is over.
    mutating func beginLife() { graceEnd = Instant(nanoseconds: .min) }

    /// Notes a sign of life.
    mutating func heard(at arrival: Instant) {
        start = max(start, arrival)
        wasForgiven = false
    }

    /// Leaves out the time that we were away, and once in a silence grants a whole interval, as `Peer.forgive` does.
    mutating func forgive(_ away: TimeSpan, interval: TimeSpan, at now: Instant) {
        start = min(start + away, now)
        guard !wasForgiven else { return }
        wasForgiven = true
        graceEnd = max(graceEnd, now + interval + LocalHealth.stallThreshold)
    }
}

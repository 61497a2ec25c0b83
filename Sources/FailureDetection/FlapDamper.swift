/// How much a peer that comes and goes has to show before it is trusted again.
///
/// A first recovery needs one fresh message: nobody gains by waiting. Each suspicion that ends without a restart adds
/// two to what the next recovery needs, up to ten; every ten seconds one is forgotten. So a peer that flaps stays
/// suspected, once and stably, until it has been heard in time for several heartbeats in a row. It is the idea of
/// knet's link backoff (10 after a link went down, one less each second), counted in messages instead of seconds, so
/// that it follows the interval.
struct FlapDamper: Sendable, BitwiseCopyable {
    static let step = 2
    static let maximum = 10
    static let forgetting = TimeSpan.seconds(10)
    /// From this level on a peer is said to flap: its third recovery in a short time.
    static let flappingLevel = 6

    private var level = 0
    private var decayedUntil = Instant(nanoseconds: .min)
    /// Fresh messages in time since the peer was suspected.
    private var heard = 0

    /// How many fresh messages in a row the present recovery needs; 1 or more.
    private(set) var required = 1

    private var wasTold = false

    /// A suspicion begins.
    ///
    /// - Returns: whether the peer has now come and gone so often that people should know; once, until it is calm.
    mutating func suspected(at now: Instant) -> Bool {
        decay(to: now)
        required = 1 + level
        heard = 0
        let isFlapping = level >= Self.flappingLevel
        defer { wasTold = isFlapping }
        return isFlapping && !wasTold
    }

    /// The suspected peer is heard in time.
    ///
    /// - Returns: whether that is enough to trust it.
    mutating func recovers() -> Bool {
        heard += 1
        return heard >= required
    }

    /// The suspected peer has missed its deadline again: what it has shown does not count any more.
    mutating func relapsed() { heard = 0 }

    /// The suspicion ends: it was a mistake, or the link has healed.
    mutating func recovered(at now: Instant) {
        decay(to: now)
        level = min(level + Self.step, Self.maximum)
    }

    /// The peer has restarted or left: what went before was another life.
    mutating func reset() { self = FlapDamper() }

    private mutating func decay(to now: Instant) {
        guard level > 0 else {
            decayedUntil = now
            return
        }
        let forgotten = max((now - decayedUntil).nanoseconds, 0) / Self.forgetting.nanoseconds
        guard forgotten > 0 else { return }
        level = forgotten >= Int64(level) ? 0 : level - Int(forgotten)
        decayedUntil = decayedUntil + Self.forgetting * forgotten
    }
}

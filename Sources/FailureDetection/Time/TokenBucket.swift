/// A token bucket, counted in the nanoseconds that a token takes to grow.
package struct TokenBucket: Sendable, BitwiseCopyable {
    private let period: TimeSpan
    private let depth: TimeSpan
    /// When the bucket was, or would have been, empty.
    private var emptyAt = Instant(nanoseconds: .min)

    /// A full bucket of `burst` tokens, to which `rate` tokens are added per second.
    package init(perSecond rate: Int64, burst: Int64) {
        self.init(period: TimeSpan(nanoseconds: 1_000_000_000 / rate), burst: burst)
    }

    /// A full bucket of `burst` tokens, to which one is added in each `period`.
    package init(period: TimeSpan, burst: Int64) {
        self.period = period
        depth = period * burst
    }

    /// Takes one token, if there is one.
    package mutating func take(at now: Instant) -> Bool {
        guard availableAt(now) <= now else { return false }
        emptyAt = max(emptyAt, now - depth) + period
        return true
    }

    /// Takes `count` tokens if there is one at least; those that are lacking are owed.
    package mutating func take(_ count: Int, at now: Instant) -> Bool {
        guard availableAt(now) <= now else { return false }
        emptyAt = max(emptyAt, now - depth) + period * Int64(count)
        return true
    }

    /// When the next token can be taken, seen from `now`: `now` itself or earlier if there is one.
    package func availableAt(_ now: Instant) -> Instant { max(emptyAt, now - depth) + period }

    /// When the next token can be taken so that `reserve` more are left, seen from `now`.
    package func availableAt(_ now: Instant, leaving reserve: Int64) -> Instant {
        availableAt(now) + period * reserve
    }

    /// Whether all its tokens are there at `now`, so that a new bucket would do the same.
    package func isFull(at now: Instant) -> Bool { emptyAt <= now - depth }
}

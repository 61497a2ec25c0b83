internal import FailureDetection

/// How many pings are answered a second.
///
/// An answer goes to wherever its ping came from, so whoever forges that address makes us send to somebody who did not
/// ask. Answers are never larger than their pings, and this bounds how many there are. Peers are answered at the
/// addresses they are known by out of one budget, all other addresses share a smaller one: so whatever is forged in
/// the name of strangers, a peer's own pings are answered. Two buckets, not one for each address: a flood from
/// forged addresses must not grow anything.
struct AnswerBudget: Sendable, BitwiseCopyable {
    private var peers = TokenBucket(perSecond: 20_000, burst: 4_000)
    private var strangers = TokenBucket(perSecond: 500, burst: 100)

    /// Whether one more ping may be answered.
    mutating func admits(toPeersOwnAddress isKnown: Bool, at now: Instant) -> Bool {
        isKnown ? peers.take(at: now) : strangers.take(at: now)
    }
}

/// A token bucket, counted in the nanoseconds that a token takes to grow.
private struct TokenBucket: Sendable, BitwiseCopyable {
    private let period: TimeSpan
    private let depth: TimeSpan
    /// When the bucket was, or would have been, empty.
    private var emptyAt = Instant(nanoseconds: 0)

    init(perSecond rate: Int64, burst: Int64) {
        period = TimeSpan(nanoseconds: 1_000_000_000 / rate)
        depth = period * burst
    }

    mutating func take(at now: Instant) -> Bool {
        let start = max(emptyAt, now - depth)
        guard start + period <= now else { return false }
        emptyAt = start + period
        return true
    }
}

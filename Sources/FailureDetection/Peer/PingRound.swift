/// The pings that follow a missed deadline: how many, how far apart, and how long the last is waited for.
///
/// A round costs one retransmission timeout, and not one for each ping: the pings follow each other by a fraction of the
/// interval, whatever the round trip, and after the last one an answer to any of them is waited for. On a link whose
/// timeout is the shortest wait anyway, before a round trip was measured, and where a target sets the timeout, the two
/// are the same. The spacing is what keeps pings from sharing their fate (`docs/DECISIONS.md`).
struct PingRound: Sendable, BitwiseCopyable, Hashable {
    /// How many pings there are; one at least.
    var count: Int
    /// From one ping to the next.
    var spacing: TimeSpan
    /// How long an answer to any of them is waited for after the last one.
    var lastWait: TimeSpan

    /// From the first ping to the verdict when none is answered.
    var length: TimeSpan { length(of: count) }

    /// The length of a round of `pings`.
    func length(of pings: Int) -> TimeSpan { spacing * Int64(max(pings - 1, 0)) + lastWait }

    /// How long to wait after the ping of a number, from 1.
    func wait(after number: Int) -> TimeSpan { number < count ? spacing : lastWait }

    /// Pings of half a round, with which a suspicion is put off once (`Monitor.postpones`).
    var half: Int { count - count / 2 }
}

extension Peer {
    /// The schedule of a round that begins now: the one place that decides on it.
    var pingRound: PingRound { pingRound(timeout: pingTimeout) }

    /// How many pings of a round go out in an interval, at least, where the minimum allows it.
    private static let pingsInAnInterval: Int64 = 4

    /// The schedule of a round when an answer is waited for as long as `timeout`.
    func pingRound(timeout: TimeSpan) -> PingRound {
        let spacing = max(settings.minimumTimeout, interval / Self.pingsInAnInterval)
        return PingRound(
            count: allowedAttempts, spacing: roundTrip.smoothed == nil ? timeout : min(timeout, spacing),
            lastWait: timeout)
    }
}

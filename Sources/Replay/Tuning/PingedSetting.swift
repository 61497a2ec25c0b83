/// A margin for the daemon's usual mode, in which a peer that is overdue is pinged before it is suspected.
///
/// A trace has heartbeats and no pings. That a round of pings fails while the peer runs takes an outage at least as long as
/// the round; so of the silences on the trace those count as mistakes that outlast margin and round together. That is an
/// upper bound, and what a passive detector with a margin as long as both would make.
struct PingedSetting: Sendable, Hashable {
    /// The margin, in seconds: the default one unless a longer one makes fewer mistakes.
    let margin: Double
    /// The default margin at this interval, in seconds.
    let usualMargin: Double
    /// How long a round of pings takes, in seconds.
    let round: Double
    /// How a passive detector with margin and round as its margin did.
    let quality: QualityOfService

    /// The shortest margin from the default on that makes no more than so many mistakes, or else the fewest.
    ///
    /// `nil` where the default margin and a round of pings take longer than the detection time.
    ///
    /// - Parameters:
    ///   - trace: what was recorded.
    ///   - detectionTime: what the 99th percentile of T_D may be, in seconds.
    ///   - mistakes: how many are as good as the fewest.
    /// - Throws: `ReplayError` where the trace is too short.
    init?(_ trace: Trace, detectionTime: Double, noMoreThan mistakes: Int) throws(ReplayError) {
        let interval = trace.interval / 1e9
        usualMargin = max(interval / 10, 0.005)
        // As the daemon plans it by default: an eighth of the interval apart, and as many as fill it, three to six.
        let spacing = max(interval / 8, 0.007)
        round =
            min(max((interval / spacing).rounded(.down), 3), 6) * spacing + 2 * max(trace.meanDelay, 0) / 1e9
        func quality(_ margin: Double, _ round: Double) throws(ReplayError) -> QualityOfService {
            try QualityOfService(
                of: Replay(trace, Replay.Setup(.median, parameter: margin + round, isConfigured: true)),
                of: trace)
        }
        var (best, found) = (usualMargin, try quality(usualMargin, round))
        guard found.p99DetectionTime <= detectionTime else { return nil }
        var margin = usualMargin
        while found.mistakes > mistakes {
            margin = (margin * 1.25 * 1_000).rounded(.up) / 1_000
            let next = try quality(margin, round)
            guard next.p99DetectionTime <= detectionTime else { break }
            if next.mistakes < found.mistakes { (best, found) = (margin, next) }
        }
        self.margin = best
        self.quality = found
    }

    /// Whether the default margin will do.
    var isUsual: Bool { margin == usualMargin }
}

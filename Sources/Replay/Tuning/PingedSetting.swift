/// A margin for the daemon's usual mode, in which a peer that is overdue is pinged before it is suspected.
///
/// A trace has heartbeats and no pings. A round of pings fails by chance about never; it takes an outage as long as the round.
/// So a lost heartbeat is no mistake when the next one arrives, and of the silences on the trace those count in which two
/// heartbeats in a row are missing or late.
struct PingedSetting: Sendable, Hashable {
    /// The margin, in seconds: the default one unless a longer one makes fewer mistakes.
    let margin: Double
    /// The default margin at this interval, in seconds.
    let usualMargin: Double
    /// How long a round of pings takes, in seconds.
    let round: Double
    /// How long detection takes: that of a passive detector with margin and round as its margin.
    private(set) var detection: QualityOfService
    /// How many mistakes there are: those of a passive detector that waits for the next heartbeat too.
    let accuracy: QualityOfService

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
        let next = interval
        func quality(_ margin: Double) throws(ReplayError) -> QualityOfService {
            try QualityOfService(
                of: Replay(trace, Replay.Setup(.median, parameter: margin, isConfigured: true)),
                of: trace)
        }
        detection = try quality(usualMargin + round)
        guard detection.p99DetectionTime <= detectionTime else { return nil }
        var (best, found) = (usualMargin, try quality(max(round, next) + usualMargin))
        var margin = usualMargin
        while found.mistakes > mistakes {
            margin = (margin * 1.25 * 1_000).rounded(.up) / 1_000
            let time = try quality(margin + round)
            guard time.p99DetectionTime <= detectionTime else { break }
            let longer = try quality(max(round, next) + margin)
            if longer.mistakes < found.mistakes { (best, found, detection) = (margin, longer, time) }
        }
        self.margin = best
        accuracy = found
    }

    /// Whether the default margin will do.
    var isUsual: Bool { margin == usualMargin }
}

package import FailureDetection

extension ClusterSettings {
    /// Whether the detector's deadline is the expected arrival and a fixed margin, so that it can be promised.
    package var hasFixedMargin: Bool {
        switch detector {
        case .median, .chen, .twoWindow, .fixed: true
        default: false
        }
    }

    /// Whether no running host is suspected while nothing is wrong.
    ///
    /// A detector that learns its margin, alone, takes losses for crashes.
    package var promisesAccuracy: Bool { mode != .heartbeat || hasFixedMargin }

    /// The longest time from a crash to the suspicion by an observer to which nothing happens.
    ///
    /// What a host publishes rests on what it has seen (`Monitor.detectionTimeBound`), and is checked beside this one,
    /// which rests on what the simulator knows and holds for every history; the rules that add up are the same
    /// (`WorstSilence`). The last message was sent at the crash and arrived one delay later; its deadline is one interval, the
    /// usual delay and the margin after its stamp; then no ping is waited for longer than the timeout of RFC 6298, which on a
    /// link whose round trip never exceeds R is at most R + max(7 ms, 4 R). No peer answers later than that.
    ///
    /// - Parameters:
    ///   - delay: the longest that a datagram is under way.
    ///   - isLossy: whether any link loses, or has lost, datagrams.
    /// - Returns: the bound, in true time.
    package func detectionBound(delay: TimeSpan, isLossy: Bool) -> TimeSpan {
        let roundTrip = (delay + lag) * 2
        let wait = max(
            roundTrip + max(.milliseconds(7), roundTrip * 4), minimumTimeout + .milliseconds(10))
        let timeout = min(wait, maximumTimeout)
        // Detectors that learn their margin: the exponential one at level 8 waits for 18.4 mean intervals, and the
        // gaps of a fault that is over count in the mean for a while.
        let patience = interval + detector.margin(at: interval)
        let deadline = hasFixedMargin ? patience : interval * 40
        let routine = mode == .ping ? interval + timeout : .zero
        let usual = PingRound(count: retries + 1, spacing: timeout, lastWait: timeout)
        // Where messages are lost there are more pings.
        let lossy = PingRound(count: 2, spacing: longestRound - timeout, lastWait: timeout)
        var silence = WorstSilence(
            untilDeadline: deadline + delay * 2 + routine, patience: patience, isVerified: mode != .heartbeat,
            usual: usual, round: isLossy && lossy.length > usual.length ? lossy : usual)
        silence.pingsForOthers = usual.half
        silence.others = watched >= 3 ? patience : .zero
        silence.lagScore = LagScore.maximum
        silence.heartbeats =
            mode == .heartbeatAndPing ? .init(every: interval, isScheduleKnown: false) : nil
        let span = silence.total + lag * Int64(retries + 4)
        // Clocks that are 50 millionths slow, and a millisecond for rounding.
        return span + span / 5_000 + .milliseconds(1)
    }
}

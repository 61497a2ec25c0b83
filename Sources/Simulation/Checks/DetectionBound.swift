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
    /// which rests on what the simulator knows and holds for every history. The last message was sent at the crash and
    /// arrived one delay later; its deadline is one interval, the usual delay and the margin after its stamp; then no
    /// ping is waited for longer than the timeout of RFC 6298, which on a link whose round trip never exceeds R is at
    /// most R + max(7 ms, 4 R). Half a round may follow, or a wait for others to show that most are silent.
    ///
    /// - Parameters:
    ///   - delay: the longest that a datagram is under way.
    ///   - isLossy: whether any link loses, or has lost, datagrams.
    /// - Returns: the bound, in true time.
    package func detectionBound(delay: TimeSpan, isLossy: Bool) -> TimeSpan {
        let roundTrip = (delay + lag) * 2
        let wait = max(
            roundTrip + max(.milliseconds(7), roundTrip * 4), minimumTimeout + .milliseconds(10))
        let usual = mode == .heartbeat ? TimeSpan.zero : min(wait, maximumTimeout) * Int64(retries + 1)
        // Where messages are lost there are more pings.
        let pings = mode == .heartbeat || !isLossy ? usual : max(usual, longestRound)
        // Detectors that learn their margin: the exponential one at level 8 waits for 18.4 mean intervals, and the
        // gaps of a fault that is over count in the mean for a while.
        let deadline = hasFixedMargin ? interval + detector.margin(at: interval) : interval * 40
        let routine = mode == .ping ? interval + min(wait, maximumTimeout) : .zero
        let late = lag * Int64(retries + 4)
        // A heartbeat that is due soon after the last ping is waited for.
        let next = mode == .heartbeatAndPing ? interval / 5 : .zero
        let isAsked = mode != .heartbeat
        let others = isAsked && watched >= 3 ? interval + detector.margin(at: interval) : .zero
        let verdict = max(pings, others + min(wait, maximumTimeout)) + (isAsked ? usual / 2 + next : .zero)
        let granted = (interval + detector.margin(at: interval) + verdict) / 2
        let span = deadline + delay * 2 + routine + verdict + granted + next + late
        // Clocks that are 50 millionths slow, and a millisecond for rounding.
        return span + span / 5_000 + .milliseconds(1)
    }
}

public import CausalClock

extension PeerSettings {
    /// The settings that suit most peers: what suspectd uses by default, for any interval.
    ///
    /// Heartbeats both ways, verified by pings that fill about an interval; the `median` detector with a margin of a tenth
    /// of the interval, 5 ms at least. A pong is waited for at most a second. A peer that was never heard is given five
    /// intervals, two seconds at least. On a lossy link a round of pings takes up to five intervals.
    ///
    /// - Parameters:
    ///   - id: the peer.
    ///   - interval: the time between heartbeats to it; 200 ms is usual on a LAN.
    public init(id: HostID, interval: TimeSpan) {
        let timeout = min(max(interval / 8, .milliseconds(7)), .seconds(1))
        let fitting = Int(interval.nanoseconds / timeout.nanoseconds) - 1
        self.init(
            id: id, mode: .heartbeatAndPing, interval: interval,
            detector: .median(margin: max(interval / 10, .milliseconds(5))), retries: min(max(fitting, 2), 5),
            minimumTimeout: timeout, maximumTimeout: .seconds(1),
            startupGrace: max(interval * 5, .seconds(2)), longestRound: interval * 5)
    }
}

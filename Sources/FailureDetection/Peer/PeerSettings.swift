public import CausalClock

/// What is sent to a peer, and how its silence is answered.
public enum MonitoringMode: String, Sendable, BitwiseCopyable {
    /// Heartbeats both ways; a missed one is followed by pings before any peer is suspected.
    case heartbeatAndPing = "heartbeat+ping"
    /// Heartbeats only: the deadline alone decides, as in every published detector.
    case heartbeat
    /// No heartbeats: the observer pings every interval. For links where only one side should send.
    case ping
}

/// Everything that can be tuned about one peer.
public struct PeerSettings: Sendable, Hashable {
    /// The peer.
    public var id: HostID
    /// What is sent, and how silence is answered.
    public var mode: MonitoringMode
    /// Time between our heartbeats (or routine pings) to it; the peer's own is the one that it announces.
    public var interval: TimeSpan
    /// By how much of the interval a heartbeat to it may come early, at random, in percent; 0 to 90.
    ///
    /// The interval that is announced is the longest there is, so the peer's deadlines hold (RFC 5880, section 6.8.7).
    public var jitter: Int
    /// The rule that sets its deadline.
    public var detector: DetectorChoice
    /// How many times an unanswered ping is repeated before the peer is suspected; 0 to 1,000.
    public var retries: Int
    /// The shortest wait for a pong.
    public var minimumTimeout: TimeSpan
    /// The longest wait for a pong.
    public var maximumTimeout: TimeSpan
    /// How long a round of pings may take where many messages are lost; a clean link's is not made longer, and none is made
    /// shorter than a clean link's.
    public var longestRound: TimeSpan
    /// How long a peer that was never heard is given, from our own start.
    public var startupGrace: TimeSpan
    /// The quality from which interval, margin, retries and timeouts are derived; `nil` to take
    /// them as they are.
    ///
    /// It counts on the margin that it derives, so the detector has to be one that takes a margin: `median`, `chen`, `twoWindow`
    /// or `fixed`.
    public var target: QualityTarget?

    /// Gathers the settings of one peer.
    public init(
        id: HostID, mode: MonitoringMode, interval: TimeSpan, detector: DetectorChoice, retries: Int,
        minimumTimeout: TimeSpan, maximumTimeout: TimeSpan, startupGrace: TimeSpan, jitter: Int = 0,
        target: QualityTarget? = nil, longestRound: TimeSpan = .zero
    ) {
        self.id = id
        self.mode = mode
        self.interval = max(interval, .milliseconds(1))
        self.detector = detector
        self.retries = min(max(retries, 0), 1_000)
        self.minimumTimeout = max(minimumTimeout, .milliseconds(1))
        self.maximumTimeout = max(maximumTimeout, self.minimumTimeout)
        self.startupGrace = startupGrace
        self.longestRound = longestRound
        self.target = target
        self.jitter = min(max(jitter, 0), 90)
    }
}

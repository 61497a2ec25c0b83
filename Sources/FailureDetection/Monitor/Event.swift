public import CausalClock

/// What can happen to a failure detector.
///
/// Nothing else makes it act.
public enum Event: Sendable {
    /// The caller's loop has woken and has not read its sockets yet: how late it is tells whether we were away.
    case turnBegan
    /// A datagram arrived that is authentic, well-formed and addressed to us.
    case received(InboundMessage)
    /// A report says that the peer's port is closed (ICMP port unreachable). `peer` is its index among the peers; the
    /// report `isVerified` if the peer's own address sent it, quoting a datagram that was sent there a moment ago.
    case portUnreachable(peer: Int, isVerified: Bool)
    /// What this turn sent to a peer was not handed to the network.
    case unsent(peer: Int, SendObstacle)
    /// A datagram that seems to come from a peer was refused by the caller, for a reason that its configuration explains.
    case unproved(peer: Int, UnprovedReason)
    /// The caller has another address of a peer, and sends the ping that follows there; it belongs to no round.
    case asking(peer: Int)
    /// Our kernel dropped this many datagrams because we read too slowly.
    case kernelDropped(UInt64)
    /// All that had arrived has been handed over: judge the deadlines that have passed.
    case wake
    /// We are about to stop, as planned.
    case leaving(returningWithin: TimeSpan? = nil)
    /// We are about to stop, and come back at once.
    case pausing
}

/// One message, decoded.
public struct InboundMessage: Sendable {
    /// What a message is for.
    public enum Body: Sendable, BitwiseCopyable, Hashable {
        /// "I am here."
        case heartbeat
        /// "Are you there?" The answer must echo the nonce.
        case ping(nonce: UInt64)
        /// "I am", with the nonce of the ping and how long the ping had waited.
        case pong(nonce: UInt64, waited: TimeSpan)
        /// "I am stopping, as planned."
        case leave
    }

    /// The event at the sender that was the sending of this message.
    public var dot: Dot
    /// Its number on the link from the sender to us, from 1.
    public var sequence: UInt64
    /// When it was sent, on the sender's clock.
    public var sent: Instant
    /// When it arrived, on ours.
    public var arrived: Instant
    /// The time until the sender's next message of its own accord; zero when it announces none.
    public var interval: TimeSpan
    /// What the message is for.
    public var body: Body
    /// The incarnation of ours that `acknowledgement` speaks of; `nil` without one.
    public var acknowledgedEpoch: Epoch?
    /// What the sender got directly from us.
    public var acknowledgement: LinkAcknowledgement
    /// The sender's clock entries of other hosts, ascending, ours among them.
    public var clock: [Dot]
    /// Whom the sender suspects, ascending; meaningless where `opinionScope` is `none`.
    public var opinions: [Opinion] = []
    /// How much `opinions` says.
    public var opinionScope = OpinionScope.none
    /// How these tell the sender's clock.
    public var clockForm: ClockForm
    /// Whether the sender's clock had gaps.
    public var hasGaps = false
    /// The hosts in `clock` whose event had a clock with gaps.
    public var lowerBounds: [HostID] = []
    /// What the sender got directly from others, ascending by subject: answers and questions.
    public var testimonies: [Testimony] = []
    /// Whether it came from another address than the one to which the sender's datagrams are sent.
    public var isFromElsewhere = false

    /// The sender's clock entry of a host, if the message tells it.
    func entry(of host: HostID) -> Dot? {
        let place = clock.partitioningIndex { $0.host >= host }
        return place < clock.count && clock[place].host == host ? clock[place] : nil
    }

    /// Whether `clock` is all that may have influenced the sending.
    var carriesExactClock: Bool { clockForm == .full && !hasGaps && lowerBounds.isEmpty }

    /// Gathers one message.
    public init(
        dot: Dot, sequence: UInt64, sent: Instant, arrived: Instant, interval: TimeSpan, body: Body,
        acknowledgedEpoch: Epoch?, acknowledgement: LinkAcknowledgement, clock: [Dot],
        clockForm: ClockForm = .full
    ) {
        self.dot = dot
        self.sequence = sequence
        self.sent = sent
        self.arrived = arrived
        self.interval = interval
        self.body = body
        self.acknowledgedEpoch = acknowledgedEpoch
        self.acknowledgement = acknowledgement
        self.clock = clock
        self.clockForm = clockForm
    }
}

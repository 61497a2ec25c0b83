public import CausalClock

/// One message, decoded.
public struct InboundMessage: Sendable, Codable {
    /// What a message is for.
    public enum Body: Sendable, BitwiseCopyable, Hashable, Codable {
        /// "I am here."
        case heartbeat
        /// "Are you there?" The answer must echo the nonce.
        case ping(nonce: UInt64)
        /// "I am", with the nonce of the ping and how long the ping had waited.
        case pong(nonce: UInt64, waited: TimeSpan)
        /// "I am stopping, as planned."
        case leave
        /// Carries what the callers of both detectors exchange; to the detector a sign of life.
        case records
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
    /// The incarnation of ours that `acknowledgement` refers to; `nil` without one.
    public var acknowledgedEpoch: Epoch?
    /// What the sender got directly from us.
    public var acknowledgement: LinkAcknowledgement
    /// The sender's clock entries of other hosts, ascending, ours among them.
    public var clock: [Dot]
    /// How these represent the sender's clock.
    public var clockForm: ClockForm
    /// Whether the sender's clock had gaps.
    public var hasGaps = false
    /// The hosts in `clock` whose event had a clock with gaps.
    public var lowerBounds: [HostID] = []
    /// What the sender got directly from others, ascending by subject: answers and questions.
    public var testimonies: [Testimony] = []
    /// Whether it came from another address than the one to which the sender's datagrams are sent.
    public var isFromElsewhere = false

    /// When it was sent and when it arrived.
    var sign: LifeSign { LifeSign(sent: sent, arrived: arrived) }

    /// The sender's clock entry of a host, if the message carries it.
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

    /// The latest event of a clock's owner, in its present incarnation, that the message knows of; 0 for none.
    func known(of clock: borrowing VectorClock) -> UInt64 {
        // What it has not done cannot be known; that is reported as such.
        guard let own = entry(of: clock.owner), own.epoch == clock.epoch, own.counter <= clock.counter else {
            return 0
        }
        return own.counter
    }
}

extension InboundMessage.Body {
    /// The word for it in logs.
    var label: String {
        switch self {
        case .heartbeat: "heartbeat"
        case .ping: "ping"
        case .pong: "pong"
        case .leave: "leave"
        case .records: "records"
        }
    }
}

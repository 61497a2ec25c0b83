public import CausalClock

/// What a failure detector asks its caller to do.
///
/// No effect sets a timer: the caller asks for `nextDeadline`.
public enum Effect: Sendable {
    /// Send a message to the peer at place `to`. A pong goes to where its ping came from.
    case send(OutboundMessage)
    /// A peer is suspected, and its silence is blamed on this host: the isolation was told once, for all.
    case blamedOnUs(peer: Int)
    /// Tell people.
    case notice(Notice)
    /// Hand a heartbeat to whoever records its sender.
    case heartbeat(Arrival)
    /// Count a message that was not believed.
    case refused(Refusal)
}

/// A message to be sent.
public struct OutboundMessage: Sendable, BitwiseCopyable {
    /// The receiver's index among the peers.
    public var to: Int
    /// What the message is for.
    public var body: InboundMessage.Body
    /// Our event that is the sending of this message.
    public var counter: UInt64
    /// The message's number on the link.
    public var sequence: UInt64
    /// The interval to announce.
    public var interval: TimeSpan
    /// When the message is sent.
    public var sent: Instant
    /// The number of a ping in its round, from 1; the later it is, the smaller it should be.
    public var attempt = 1
    /// Whether it should be as small as it can be: the last ping of a round, and one that begins none.
    public var isSmallest = false
}

/// A fresh heartbeat that arrived, for whoever records its sender.
public struct Arrival: Sendable, BitwiseCopyable {
    /// The sender's index among the peers.
    public var peer: Int
    /// The sender's incarnation.
    public var epoch: Epoch
    /// The message's number on the link, where pings and pongs have numbers too.
    public var sequence: UInt64
    /// When it was sent, on the sender's clock, and when it arrived, on ours.
    public var sign: LifeSign
    /// The interval between heartbeats that the sender announces.
    public var interval: TimeSpan

    init(_ reception: InboundMessage, from peer: Int, interval: TimeSpan) {
        self.peer = peer
        self.interval = interval
        epoch = reception.dot.epoch
        sequence = reception.sequence
        sign = LifeSign(sent: reception.sent, arrived: reception.arrived)
    }
}

/// Why a message was not believed.
///
/// Such a message changes nothing but a counter.
public enum Refusal: Int, Error, Sendable, BitwiseCopyable, CaseIterable {
    /// Not a message of ours, damaged, or cut off.
    case malformed
    /// Of a version of the protocol that this daemon does not speak.
    case version
    /// Longer than any message is.
    case oversized
    /// Not sealed, while this host has keys.
    case unsealed
    /// Sealed, while this host has no keys.
    case sealed
    /// Sealed with a key that this host has not, or forged, or damaged.
    case unopened
    /// Meant for another host.
    case misaddressed
    /// From a host that is not among the peers.
    case unknownPeer
    /// In our own name: another daemon uses our id.
    case ownIdentity
    /// From an incarnation of the peer that has ended.
    case oldEpoch
    /// From an incarnation that lies more than a day in the future.
    case futureEpoch
    /// Received before.
    case duplicate
    /// So old that it cannot be told whether it was received before.
    case outdated
    /// A pong that answers none of our pings.
    case unsolicited
    /// In our own name, and meant for another host: our own datagram has come back to us.
    case reflected

    /// The name under which it is counted.
    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .version: "version"
        case .oversized: "oversized"
        case .unsealed: "unsealed"
        case .sealed: "sealed"
        case .unopened: "unopened"
        case .misaddressed: "misaddressed"
        case .unknownPeer: "unknown-peer"
        case .ownIdentity: "own-identity"
        case .oldEpoch: "old-epoch"
        case .futureEpoch: "future-epoch"
        case .duplicate: "duplicate"
        case .outdated: "outdated"
        case .unsolicited: "unsolicited"
        case .reflected: "reflected"
        }
    }
}

/// Something that people and programs want to be told.
public struct Notice: Sendable {
    /// What happened.
    public enum Kind: String, Sendable, BitwiseCopyable, CaseIterable {
        /// A peer is suspected, or the cause of its suspicion has changed.
        case suspect
        /// A peer is trusted: for the first time, again, or it hears us again.
        case trust
        /// A peer is overdue and is being pinged.
        case pending
        /// A quorum of independent observers shares a suspicion.
        case confirm
        /// A peer has a new incarnation.
        case restart
        /// A peer announced a planned stop.
        case leave
        /// Every peer fell silent at once.
        case isolated
        /// The isolation is over.
        case rejoined
        /// A peer that we hear does not hear us.
        case asymmetric
        /// A peer has come and gone so often that it must be heard several times before it is trusted.
        case flapping
        /// Two daemons use one identity, or an impossible clock was received.
        case conflict
        /// This host was away for a while.
        case stall
        /// The target set for a peer cannot be kept, or can again; `target` says which.
        case target
    }

    /// What happened.
    public var kind: Kind
    /// Our event that it was.
    public var dot: Dot
    /// When.
    public var at: Instant
    /// The peer that it is about, if it is about one.
    public var peer: HostID?
    /// The peer's incarnation, where known.
    public var epoch: Epoch?
    /// Why, where that is a question.
    public var verdict: Verdict?
    /// For a stall, how long this host was away; for an end of silence, how long it lasted.
    public var duration: TimeSpan?
    /// What it rests on.
    public var evidence: Evidence?
    /// What is known of the target set for the peer.
    public var target: TargetReport?
    /// For an isolation, how many fell silent.
    public var share: SilentShare?
    /// For a conflict, what contradicts what.
    public var conflict: Conflict?
    /// For a peer that flaps because it crashes repeatedly, how often.
    public var restarts: RestartSeries?
}

/// Restarts of a peer in a row.
public struct RestartSeries: Sendable, BitwiseCopyable, Hashable {
    /// How many.
    public var count: Int
    /// From the first to the present.
    public var duration: TimeSpan
}

/// The effects of one event, in order.
///
/// Its storage is kept from event to event, so nothing is allocated in steady state.
public struct Effects: Sendable {
    /// The effects, oldest first.
    public private(set) var items: [Effect] = []
    /// The events of this host for its causal log; `nil` when none is kept.
    ///
    /// `removeAll` leaves them alone.
    public var ticks: EventLog?

    /// Makes an empty list with room for `capacity` effects.
    public init(capacity: Int = 64) { items.reserveCapacity(capacity) }

    /// Adds an effect.
    public mutating func append(_ effect: Effect) { items.append(effect) }

    /// Removes all effects and keeps the room.
    public mutating func removeAll() { items.removeAll(keepingCapacity: true) }
}

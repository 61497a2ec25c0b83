/// A call that stays open, as the daemon is asked to serve it.
package enum MonitorStream: Equatable, Sendable {
    /// Events as they happen; the parameters have been checked as far as they can be without the peers' detectors.
    case events(SubscribeParameters)
    /// The heartbeats of one peer as they arrive.
    case heartbeats(peer: String)
}

/// The parameters of `Subscribe`.
package struct SubscribeParameters: VarlinkParameters, Equatable, Sendable {
    /// The names.
    package static let names = ["snapshot", "detectionTimeUSec", "level", "peers"]
    /// The detection times that can be asked for, in microseconds: a millisecond to a day.
    package static let detectionTimes = 1_000...86_400_000_000
    /// The levels that can be asked for, in thousandths.
    package static let levels = 10...1_000_000
    /// How many peers one subscription may name, or judge by its own threshold.
    package static let peerLimit = 1_024

    /// Whether the first reply holds the peers; it does when this is absent.
    package var snapshot: Bool?
    /// How long a silence this subscriber accepts.
    package var detectionTimeUSec: Int?
    /// Up to which level of suspicion this subscriber trusts, in thousandths.
    package var level: Int?
    /// Only these peers, with their services, and these services (`HOST/SERVICE`); all when this is absent.
    package var peers: [String]?

    /// Asks for events.
    package init(
        snapshot: Bool? = nil, detectionTimeUSec: Int? = nil, level: Int? = nil, peers: [String]? = nil
    ) {
        self.snapshot = snapshot
        self.detectionTimeUSec = detectionTimeUSec
        self.level = level
        self.peers = peers
    }

    /// Whether the subscriber judges by a threshold of its own.
    package var hasThreshold: Bool { detectionTimeUSec != nil || level != nil }

    /// Whether the subscriber wants to hear of a peer, or, for `nil`, of what concerns the daemon alone.
    package func concerns(_ peer: String?) -> Bool {
        guard let peers, let peer else { return true }
        return peers.contains(peer)
    }

    /// Whether an event concerns a peer that the subscriber names, or a service.
    ///
    /// One that names a host gets the events of its services too.
    package func concerns(_ event: EventReport) -> Bool {
        if concerns(event.peer) { return true }
        return event.serviceID.map { concerns($0.description) } ?? false
    }

    /// Whether the subscriber is notified of one of the daemon's own events.
    ///
    /// A client that judges by a threshold of its own gets its own verdicts instead of the daemon's.
    package func wants(_ event: EventReport) -> Bool {
        concerns(event) && wants(event.event)
    }

    /// Whether the subscriber is informed of the daemon's own events of one kind, if they concern it.
    package func wants(_ kind: ReportedEventKind) -> Bool {
        switch kind {
        case .suspect, .trust, .pending: return !hasThreshold
        default: return true
        }
    }

    /// Why the parameters make no sense, with the remedy; `nil` when they do.
    package var problem: String? {
        if detectionTimeUSec != nil, level != nil {
            return "detectionTimeUSec and level are two thresholds; give one of them"
        }
        if let detectionTimeUSec, !Self.detectionTimes.contains(detectionTimeUSec) {
            return "detectionTimeUSec must be 1000 to 86400000000, a millisecond to a day"
        }
        if let level, !Self.levels.contains(level) {
            return "level is in thousandths and must be 10 to 1000000; 8000 is a usual level of phi"
        }
        guard let peers else { return nil }
        if peers.isEmpty { return "peers is empty; leave it out to hear of all peers" }
        guard peers.count > Self.peerLimit else { return nil }
        return "peers names more than \(Self.peerLimit); use several connections"
    }
}

/// Why a subscription was refused: the parameters of the error `SubscriptionRefused`.
package struct SubscriptionRefusal: Error, Codable, Equatable, Sendable {
    /// What is wrong, and what to ask for instead.
    package var reason: String

    /// Refuses a subscription.
    package init(reason: String) { self.reason = reason }
}

/// One reply of `Record`.
package struct RecordReply: Codable, Equatable, Sendable {
    /// The incarnation that the heartbeats are of; 0 until the peer was heard.
    package var epoch: Int
    /// The interval that it announces.
    package var heartbeatIntervalUSec: Int
    /// What has arrived since the last reply; nothing in the first.
    package var heartbeats: [HeartbeatReport]

    /// Hands heartbeats out.
    package init(epoch: Int, heartbeatIntervalUSec: Int, heartbeats: [HeartbeatReport]) {
        self.epoch = epoch
        self.heartbeatIntervalUSec = heartbeatIntervalUSec
        self.heartbeats = heartbeats
    }
}

/// One heartbeat that arrived (the interface's type `Heartbeat`).
package struct HeartbeatReport: Codable, Equatable, Sendable {
    /// Its number on the link, on which pings and pongs have numbers too.
    package var sequence: Int
    /// When it was sent, in nanoseconds of the sender's clock.
    package var sentNSec: Int
    /// When it arrived, in nanoseconds of the receiver's clock; neither clock is the wall clock.
    package var arrivedNSec: Int

    /// Describes a heartbeat.
    package init(sequence: Int, sentNSec: Int, arrivedNSec: Int) {
        self.sequence = sequence
        self.sentNSec = sentNSec
        self.arrivedNSec = arrivedNSec
    }
}

extension VarlinkMessage {
    /// Encodes heartbeats of a peer that is recorded.
    package static func heartbeats(_ reply: RecordReply) throws(JSONFailure) -> VarlinkMessage {
        try .reply(reply, continues: true)
    }
}

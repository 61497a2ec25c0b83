/// The methods of `io.suspectd.Monitor`.
package enum MonitorMethod: String, CaseIterable, Sendable {
    /// The daemon itself and the counts of its peers.
    case getStatus = "GetStatus"
    /// Every peer.
    case listPeers = "ListPeers"
    /// One peer.
    case getPeer = "GetPeer"
    /// Events as they happen.
    case subscribe = "Subscribe"
    /// The heartbeats of one peer as they arrive.
    case record = "Record"
    /// Events that happened.
    case listEvents = "ListEvents"
    /// What a peer's state rests on.
    case why = "Why"
    /// The services of all hosts.
    case listServices = "ListServices"
    /// What a service's state rests on.
    case whyService = "WhyService"
    /// Says that a service makes progress.
    case alive = "Alive"
    /// Whether the daemon's suspicions were right.
    case audit = "Audit"
    /// What the daemon knows of all hosts' events.
    case getClock = "GetClock"
    /// Which host suspects which, in a state that all hosts may be in together.
    case getCut = "GetCut"
    /// Which of two events came first.
    case happenedBefore = "HappenedBefore"
    /// Where two daemons use one identity.
    case listConflicts = "ListConflicts"
    /// Which hosts suspect a peer.
    case witnesses = "Witnesses"
    /// Reads the configuration again.
    case reload = "Reload"

    /// Whether the method answers more than once.
    package var requiresMore: Bool { self == .subscribe || self == .record }
}

extension MonitorMethod: VarlinkMethod {
    /// The name with its interface, as it stands in a call.
    package var fullName: String { "\(MonitorInterface.name).\(rawValue)" }
}

/// The parameters of `GetPeer`, `Why`, `Record` and `Witnesses`.
package struct PeerParameters: VarlinkParameters, Equatable, Sendable {
    /// The one name.
    package static let names = ["id"]
    /// The peer's id.
    package var id: String

    /// Names a peer.
    package init(id: String) { self.id = id }
}

/// The parameters of `ListEvents`.
package struct ListEventsParameters: VarlinkParameters, Equatable, Sendable {
    /// The one name.
    package static let names = ["last"]
    /// How many of the latest events to list; all that are kept when this is absent.
    package var last: Int?

    /// Asks for the latest events.
    package init(last: Int?) { self.last = last }
}

/// What `GetStatus` answers.
package struct GetStatusReply: Codable, Equatable, Sendable {
    /// The daemon and its counts.
    package var status: StatusReport
}

/// What `ListPeers` answers.
package struct ListPeersReply: Codable, Equatable, Sendable {
    /// Every peer, sorted by id.
    package var peers: [PeerReport]
}

/// What `GetPeer` answers.
package struct GetPeerReply: Codable, Equatable, Sendable {
    /// The peer.
    package var peer: PeerReport
}

/// One reply of `Subscribe`.
package struct SubscribeReply: Codable, Equatable, Sendable {
    /// What happened; absent in the first reply.
    package var event: EventReport?
    /// In the first reply the snapshot; later what the event made of its peer, when the daemon says so.
    package var peers: [PeerReport]?
}

/// What `ListEvents` answers.
package struct ListEventsReply: Codable, Equatable, Sendable {
    /// The events, oldest first.
    package var events: [EventReport]
}

/// What `Why` answers.
package struct WhyReply: Codable, Equatable, Sendable {
    /// The peer.
    package var peer: PeerReport
    /// What its state rests on now.
    package var evidence: EvidenceReport
    /// The events of this peer that are kept, oldest first.
    package var history: [EventReport]
    /// What each rank of evidence says, the strongest first; absent from older daemons.
    package var ranks: [RankReport]?

    /// Explains a peer's state.
    package init(peer: PeerReport, evidence: EvidenceReport, history: [EventReport]) {
        self.peer = peer
        self.evidence = evidence
        self.history = history
    }
}

/// What one rank of evidence says (the interface's type `Rank`).
package struct RankReport: Codable, Equatable, Sendable {
    /// Which rank: messages, testimony, closed-port, silence or unsent.
    package var rank: String
    /// What it says, in words.
    package var finding: String

    /// Describes one rank of evidence.
    package init(rank: String, finding: String) {
        self.rank = rank
        self.finding = finding
    }
}

/// What `Reload` answers.
package struct ReloadReply: Codable, Equatable, Sendable {
    /// What is allowed but probably not meant.
    package var warnings: [String]
}

/// Why a reload was refused: the parameters of the error `ReloadFailed`.
package struct ReloadFailure: Error, Codable, Equatable, Sendable {
    /// The errors of the new configuration, a hundred at most; the old one stays in force.
    package var errors: [String]
    /// How many there are; not sent to clients.
    package private(set) var total = 0

    private enum CodingKeys: String, CodingKey {
        case errors
    }

    /// Refuses a reload.
    package init(errors: [String], total: Int? = nil) {
        self.errors = errors
        self.total = total ?? errors.count
    }

    /// Whether two failures say the same to clients.
    package static func == (left: ReloadFailure, right: ReloadFailure) -> Bool { left.errors == right.errors }
}

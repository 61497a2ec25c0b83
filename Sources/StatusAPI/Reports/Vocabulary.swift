/// The state in which a peer is reported.
///
/// The raw values are a contract with scripts: never change the meaning of one.
package enum ReportedState: ReportedWord {
    /// Never heard, and not yet overdue.
    case unknown
    /// Heard in time.
    case trusted
    /// Overdue and being pinged; it counts as trusted until the pings have failed too.
    case pending
    /// Overdue, and it answered no ping.
    case suspected
    /// It announced a planned stop.
    case left
    /// A state of a later version: it never counts as trusted.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [.unknown, .trusted, .pending, .suspected, .left]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .unknown: "unknown"
        case .trusted: "trusted"
        case .pending: "pending"
        case .suspected: "suspected"
        case .left: "left"
        case .other(let word): word
        }
    }
}

/// Why a peer is suspected, or what is wrong with its link while it is trusted.
package enum ReportedCause: ReportedWord {
    /// No host hears it, or its port is closed.
    case crash
    /// Other peers hear it: the link between it and us is broken.
    case link
    /// It hears us; we do not hear it.
    case inbound
    /// We hear it; it does not hear us. Reported while the peer is still trusted.
    case outbound
    /// All peers, or most, fell silent simultaneously: the failure is probably this host's own.
    case isolated
    /// Nothing is known that would distinguish the other causes.
    case unknown
    /// Its host has said that its daemon has ended, and not as planned.
    case daemon
    /// It was never heard by this daemon, so that it may never have run.
    case neverHeard
    /// A cause of a later version.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [
        .crash, .link, .inbound, .outbound, .isolated, .daemon, .unknown, .neverHeard,
    ]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .crash: "crash"
        case .link: "link"
        case .inbound: "inbound"
        case .outbound: "outbound"
        case .isolated: "isolated"
        case .daemon: "daemon"
        case .unknown: "unknown"
        case .neverHeard: "neverHeard"
        case .other(let word): word
        }
    }

    /// The word for people.
    package var text: String { self == .neverHeard ? "never heard" : rawValue }
}

/// How sure a cause is.
package enum ReportedCertainty: ReportedWord {
    /// It follows from acknowledgements or vector clocks.
    case proved
    /// It is the likeliest explanation of what was seen; `likely` in text, and in the JSON of a later version.
    case suspected
    /// A certainty of a later version.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [.proved, .suspected]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .proved: "proved"
        case .suspected: "suspected"
        case .other(let word): word
        }
    }

    /// The word for people: "suspected" is said of peers only.
    package var text: String { self == .suspected ? "likely" : rawValue }
}

/// The kinds of event that a daemon reports.
package enum ReportedEventKind: ReportedWord {
    /// The daemon began to watch.
    case start
    /// The daemon stopped by plan.
    case stop
    /// A peer became suspected.
    case suspect
    /// A peer became trusted, for the first time or again.
    case trust
    /// A peer is overdue and is being pinged.
    case pending
    /// A quorum of independent witnesses agrees with a suspicion.
    case confirm
    /// A peer came back in a new epoch.
    case restart
    /// A peer announced a planned stop.
    case leave
    /// All peers, or most, fell silent simultaneously.
    case isolated
    /// One of the silent peers is heard again.
    case rejoined
    /// Only one direction of a link works.
    case asymmetric
    /// A peer changes between trusted and suspected too often to be believed immediately.
    case flapping
    /// Two processes use one identity, or an identity went back in time.
    case conflict
    /// The configuration was loaded or refused.
    case config
    /// Our own loop was away for longer than it should.
    case stall
    /// A peer is no longer configured.
    case removed
    /// What a service does has changed.
    case service
    /// A kind of a later version.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [
        .start, .stop, .suspect, .trust, .pending, .confirm, .restart, .leave, .isolated, .rejoined,
        .asymmetric, .flapping, .conflict, .config, .stall, .removed, .service,
    ]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .start: "start"
        case .stop: "stop"
        case .suspect: "suspect"
        case .trust: "trust"
        case .pending: "pending"
        case .confirm: "confirm"
        case .restart: "restart"
        case .leave: "leave"
        case .isolated: "isolated"
        case .rejoined: "rejoined"
        case .asymmetric: "asymmetric"
        case .flapping: "flapping"
        case .conflict: "conflict"
        case .config: "config"
        case .stall: "stall"
        case .removed: "removed"
        case .service: "service"
        case .other(let word): word
        }
    }
}

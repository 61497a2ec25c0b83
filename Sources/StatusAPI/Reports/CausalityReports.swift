/// What is proved about a suspicion.
package enum ReportedOutcome: ReportedWord {
    /// The peer acted after it was suspected, in the same incarnation.
    case provedFalse
    /// The peer began a new incarnation: it did stop, before the suspicion or after.
    case crashConfirmed
    /// The link, or this host, was blamed, and the peer acted in the same incarnation: the verdict was right.
    case linkFault
    /// None of these.
    case undecided
    /// An outcome of a later version.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [.provedFalse, .crashConfirmed, .linkFault, .undecided]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .provedFalse: "provedFalse"
        case .crashConfirmed: "crashConfirmed"
        case .linkFault: "linkFault"
        case .undecided: "undecided"
        case .other(let word): word
        }
    }
}

/// How two events stand to each other.
package enum ReportedOrder: ReportedWord {
    /// The first could have influenced the second.
    case before
    /// The second could have influenced the first.
    case after
    /// Neither can have influenced the other.
    case concurrent
    /// They are one event.
    case same
    /// This host cannot know.
    case unknown
    /// An order of a later version.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [.before, .after, .concurrent, .same, .unknown]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .before: "before"
        case .after: "after"
        case .concurrent: "concurrent"
        case .same: "same"
        case .unknown: "unknown"
        case .other(let word): word
        }
    }
}

/// One suspicion of the daemon's own (the interface's type `Suspicion`).
package struct SuspicionReport: Codable, Equatable, Sendable {
    /// The event that was the suspicion.
    package var dot: DotText
    /// Which host it was about.
    package var peer: String
    /// The peer's incarnation; absent when it had never been heard.
    package var epoch: Int?
    /// When it was.
    package var timeUSec: Int
    /// When it ended; absent while it lasts.
    package var endedUSec: Int?
    /// The latest cause that was given while it lasted.
    package var cause: ReportedCause
    /// What is proved about it.
    package var outcome: ReportedOutcome
    /// The peer's event that proves it.
    package var proof: DotText?

    /// Describes a suspicion that lasts, and of which nothing is proved.
    package init(dot: DotText, peer: String, timeUSec: Int, cause: ReportedCause) {
        self.dot = dot
        self.peer = peer
        self.timeUSec = timeUSec
        self.cause = cause
        outcome = .undecided
    }
}

/// How good the suspicions of one peer were (the interface's type `PeerAudit`).
package struct PeerAuditReport: Codable, Equatable, Sendable {
    /// The peer.
    package var id: String
    /// How often it was suspected since the daemon started.
    package var suspicions: Int
    /// How many of these are proved false, and could not be distinguished from a crash.
    package var provedFalse: Int
    /// How many blamed the link, or this host, and are proved right; absent from older daemons.
    package var linkFaults: Int?
    /// How many were confirmed by a new incarnation.
    package var crashConfirmed: Int
    /// How many are none of these.
    package var undecided: Int
    /// How long those proved false lasted in all.
    package var mistakeUSec: Int

    /// Gathers the figures.
    package init(
        id: String, suspicions: Int, provedFalse: Int, crashConfirmed: Int, undecided: Int, mistakeUSec: Int
    ) {
        self.id = id
        self.suspicions = suspicions
        self.provedFalse = provedFalse
        self.crashConfirmed = crashConfirmed
        self.undecided = undecided
        self.mistakeUSec = mistakeUSec
    }
}

/// The daemon's vector clock (the interface's type `Clock`).
package struct ClockReport: Codable, Equatable, Sendable {
    /// The latest event of another host that could have influenced the daemon (the interface's type `ClockEntry`).
    package struct Entry: Codable, Equatable, Sendable {
        /// The event.
        package var dot: DotText
        /// How long ago it was learnt; absent when that is not known.
        package var ageUSec: Int?

        /// Describes an entry.
        package init(dot: DotText, ageUSec: Int?) {
            self.dot = dot
            self.ageUSec = ageUSec
        }
    }

    /// The daemon's own latest event.
    package var dot: DotText
    /// Whether all that could have influenced the daemon is in it; otherwise it is a lower bound.
    package var exact: Bool
    /// The other hosts, sorted by id.
    package var entries: [Entry]

    /// Describes a clock.
    package init(dot: DotText, exact: Bool, entries: [Entry]) {
        self.dot = dot
        self.exact = exact
        self.entries = entries
    }
}

/// How far one host had come in a state of all hosts (the interface's type `CutFront`).
package struct CutFrontReport: Codable, Equatable, Sendable {
    /// A host that a host suspected there (the interface's type `CutSuspicion`).
    package struct Suspicion: Codable, Equatable, Sendable {
        /// Which host.
        package var peer: String
        /// Why.
        package var cause: ReportedCause
        /// How sure it was of that.
        package var certainty: ReportedCertainty

        /// Describes a suspicion.
        package init(peer: String, cause: ReportedCause, certainty: ReportedCertainty) {
            self.peer = peer
            self.cause = cause
            self.certainty = certainty
        }
    }

    /// Its latest event there.
    package var dot: DotText
    /// Its latest event at which it reported which hosts it suspects; absent when it has not.
    package var reported: DotText?
    /// When that arrived; absent for the daemon itself.
    package var reportedUSec: Int?
    /// Which hosts it suspected, sorted by id.
    package var suspects: [Suspicion]

    /// Describes a host that has sent nothing.
    package init(dot: DotText, suspects: [Suspicion] = []) {
        self.dot = dot
        self.suspects = suspects
    }
}

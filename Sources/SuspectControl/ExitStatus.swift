package import StatusAPI

/// The exit statuses that scripts rely on: one table for all commands.
///
/// `check` has those of the Nagios plugins (`CheckReport.State`), and `is-trusted` its former ones until 0.2.
package enum ExitStatus {
    /// Done, yes, or well.
    package static let success: Int32 = 0
    /// The command failed, or the answer is no.
    package static let failure: Int32 = 1
    /// Something needs attention: a peer is suspected, for instance.
    package static let attention: Int32 = 2
    /// No daemon answers.
    package static let unreachable: Int32 = 3
    /// No peer has this id.
    package static let unknownPeer: Int32 = 4
    /// The command line is wrong (EX_USAGE).
    package static let usage: Int32 = 64
    /// An input file cannot be read (EX_NOINPUT).
    package static let noInput: Int32 = 66
    /// A configuration is wrong (EX_CONFIG).
    package static let configuration: Int32 = 78

    /// `is-trusted` without `--common-exit-status`: the peer is not trusted.
    package static let formerlyNotTrusted: Int32 = 3
    /// `is-trusted` without `--common-exit-status`: no daemon answers.
    package static let formerlyUnreachable: Int32 = 1

    /// The table, as `suspectctl --help` prints it and suspectctl(1) has it.
    package static let table: [(status: Int32, meaning: String)] = [
        (success, "done; the answer is yes; no peer needs attention"),
        (failure, "the command failed, was not in time, or has findings"),
        (
            attention,
            "status: a peer is suspected or outbound, or this node is isolated; conflicts: there are some"
        ),
        (unreachable, "no daemon answers"),
        (unknownPeer, "no peer has this id"),
        (usage, "the command line is wrong"),
        (noInput, "a log or a trace cannot be read"),
        (configuration, "the configuration is wrong"),
    ]
}

/// What the state of a peer means for exit statuses: the same for all commands.
package enum PeerCondition: String, CaseIterable {
    /// Heard in time.
    case trusted
    /// Overdue, and still being pinged.
    case pending
    /// Trusted, and it does not hear this node.
    case outbound
    /// Suspected, for whatever cause.
    case suspected
    /// Suspected, and never heard by this daemon.
    case neverHeard = "never heard"
    /// Not heard yet, and within its `startup_grace`.
    case unknown
    /// It announced a planned stop.
    case left
    /// In a state of a later version.
    case other

    /// Classifies what the daemon reports.
    package init(_ peer: PeerReport) {
        self =
            switch peer.state {
            case .trusted: peer.cause == .outbound ? .outbound : .trusted
            case .pending: .pending
            case .suspected: peer.isNeverHeard ? .neverHeard : .suspected
            case .unknown: .unknown
            case .left: .left
            case .other: .other
            }
    }

    /// Whether `is-trusted` answers yes.
    package var isTrusted: Bool { self == .trusted || self == .pending || self == .outbound }

    /// Whether `status` exits with `ExitStatus.attention` because of it.
    package var needsAttention: Bool { self == .suspected || self == .neverHeard || self == .outbound }
}

extension PeerReport {
    /// Whether it is suspected and this daemon has never heard it, so that it may never have run.
    var isNeverHeard: Bool { state == .suspected && lastHeardUSec == nil }
}

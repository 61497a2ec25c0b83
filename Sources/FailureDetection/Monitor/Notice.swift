public import CausalClock

/// A change of state, for people and programs.
public struct Notice: Sendable {
    /// What happened.
    public enum Kind: String, Sendable, BitwiseCopyable, CaseIterable {
        /// A peer is suspected, the cause of a suspicion that no quorum shares has changed, or the quorum is lost.
        case suspect
        /// A peer is trusted: for the first time, again, or it hears us again.
        case trust
        /// A peer is overdue and is being pinged.
        case pending
        /// A quorum of independent observers shares a suspicion, or the cause of one that it shares has changed.
        case confirm
        /// A peer has a new incarnation.
        case restart
        /// A peer announced a planned stop.
        case leave
        /// All peers, or most of three or more, fell silent together: the fault is more likely this node's.
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
    public var restartSeries: RestartSeries?

    /// Gathers a notice; what is not known stays `nil`.
    public init(
        kind: Kind, dot: Dot, at: Instant, peer: HostID? = nil, epoch: Epoch? = nil, verdict: Verdict? = nil,
        duration: TimeSpan? = nil, evidence: Evidence? = nil, target: TargetReport? = nil,
        share: SilentShare? = nil, conflict: Conflict? = nil, restartSeries: RestartSeries? = nil
    ) {
        self.kind = kind
        self.dot = dot
        self.at = at
        self.peer = peer
        self.epoch = epoch
        self.verdict = verdict
        self.duration = duration
        self.evidence = evidence
        self.target = target
        self.share = share
        self.conflict = conflict
        self.restartSeries = restartSeries
    }
}

/// Restarts of a peer in a row.
public struct RestartSeries: Sendable, BitwiseCopyable, Hashable {
    /// How many.
    public var count: Int
    /// From the first to the present.
    public var duration: TimeSpan

    /// Counts restarts.
    public init(count: Int, duration: TimeSpan) {
        self.count = count
        self.duration = duration
    }
}

extension Notice.Kind {
    /// The word for it in logs.
    var logged: LoggedEventKind {
        switch self {
        case .suspect: .suspect
        case .trust: .trust
        case .pending: .pending
        case .confirm: .confirm
        case .restart: .restart
        case .leave: .leave
        case .isolated: .isolated
        case .rejoined: .rejoined
        case .asymmetric: .asymmetric
        case .flapping: .flapping
        case .conflict: .conflict
        case .stall: .stall
        case .target: .config
        }
    }
}

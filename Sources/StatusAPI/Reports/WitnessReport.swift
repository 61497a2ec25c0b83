/// An observer that suspects a peer (the interface's type `Witness`).
package struct WitnessReport: Codable, Equatable, Sendable {
    /// The observer's id.
    package var id: String
    /// Since when it has suspected the peer, as far as we know: when we first heard of it.
    package var sinceUSec: Int
    /// The observer's event in which it began to suspect.
    package var dot: DotText?
    /// The cause that it sees.
    package var cause: ReportedCause?
    /// How sure it is of the cause.
    package var certainty: ReportedCertainty?
    /// Whether it had heard of another's suspicion before its own.
    package var afterAnother: Bool = false
    /// Whether we trust the observer now, in the incarnation in which it said so.
    package var trusted: Bool = true
    /// Whether it adds to the quorum now.
    package var counted: Bool = true

    /// Describes a witness.
    package init(id: String, sinceUSec: Int, dot: DotText?) {
        self.id = id
        self.sinceUSec = sinceUSec
        self.dot = dot
    }
}

/// What `Witnesses` answers: which hosts suspect a peer, and whether they are a quorum.
package struct WitnessesReply: Codable, Equatable, Sendable {
    /// The peer.
    package var peer: PeerReport
    /// Our own suspicion; absent while we have none, or blame ourselves.
    package var own: WitnessReport?
    /// How many observers count now, ourselves included.
    package var observers: Int
    /// How many are a quorum; absent when there are too few members for one.
    package var quorum: Int?
    /// How many members are configured: ourselves, the peer, and all others.
    package var members: Int

    /// Gathers which hosts suspect a peer.
    package init(peer: PeerReport, own: WitnessReport?, observers: Int, quorum: Int?, members: Int) {
        self.peer = peer
        self.own = own
        self.observers = observers
        self.quorum = quorum
        self.members = members
    }
}

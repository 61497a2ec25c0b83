public import CausalClock

/// What can happen to a failure detector.
///
/// Nothing else makes it act.
public enum Event: Sendable {
    /// The caller's loop has woken and has not read its sockets yet: how late it is says whether we were away.
    case turnBegan
    /// A datagram arrived that is authentic, well-formed and addressed to us.
    case received(InboundMessage)
    /// A datagram arrived that says that the daemon of a host has ended; it names the event that was kept for it.
    case lastWords(Dot, arrived: Instant)
    /// A report says that the peer's port is closed (ICMP port unreachable). `peer` is its index among the peers; the
    /// report `isVerified` if the peer's own address sent it, quoting a datagram that was sent there a moment ago.
    case portUnreachable(peer: Int, isVerified: Bool)
    /// What this turn sent to a peer was not handed to the network.
    case unsent(peer: Int, SendObstacle)
    /// A datagram that seems to come from a peer was refused by the caller, for a reason that its configuration explains.
    case unproved(peer: Int, UnprovedReason, arrived: Instant)
    /// The caller has another address of a peer, and sends the ping that follows there; it belongs to no round.
    case asking(peer: Int)
    /// The caller has something to send to the peer at an index that is no business of the detector (`.records`).
    case carrying(peer: Int)
    /// The caller writes a record of this host: an event of its own, our latest one afterwards.
    case recording
    /// A peer has reported which hosts it suspects, itself, in a message that was believed.
    ///
    /// How it reports that is the callers' business. What others repeat of it must not be handed over: an observer is to
    /// have one voice.
    case opinions(OpinionList, arrived: Instant)
    /// The peer at an index has sent something that names an event of ours which we have not had.
    case claimed(Dot, by: Int)
    /// Our kernel dropped this many datagrams because we read too slowly.
    case kernelDropped(UInt64)
    /// All that had arrived has been handed over: judge the deadlines that have passed.
    case wake
    /// We are about to stop, as planned.
    case leaving(returningWithin: TimeSpan? = nil)
    /// We are about to stop, and come back immediately.
    case pausing
}

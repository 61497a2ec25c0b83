/// Why datagrams that seem to come from a peer are not believed.
public enum UnprovedReason: String, Sendable, BitwiseCopyable, CaseIterable {
    /// They are authentic and may be recorded: the peer has yet to answer a ping (`docs/SECURITY.md`).
    case awaitingProof
    /// No key of this host opens them, or one side has keys and the other none.
    case key
    /// They carry another id, are meant for another node, or are of another version of the protocol.
    case identity
    /// Their incarnation began more than a day in the future, by this host's wall clock: one of the two clocks is wrong.
    case clock
    /// Their incarnation is earlier than one that is known: it has lost its state and its clock is behind, an old state directory was
    /// restored, another daemon has its id, or they are recorded.
    case incarnation
    /// They come too late: pongs to pings that are no longer waited for, or messages that were sent so long ago that the next
    /// one is overdue already. The path is slow, or something holds them back.
    case late
}

/// Datagrams that seem to come from one peer and are not believed.
///
/// Something that uses the protocol runs there, so while they arrive its silence is no sign of a crash: the
/// configuration of one side is the likelier cause.
public struct UnprovedDatagrams: Sendable, BitwiseCopyable, Hashable {
    /// How many, since the peer was last heard.
    public private(set) var count: UInt64 = 0
    /// When the latest arrived; `nil` before the first.
    public private(set) var latest: Instant?
    /// Why they are not believed: the latest reason, except that "late" stays while proof of life is awaited.
    public private(set) var reason = UnprovedReason.awaitingProof

    mutating func note(_ reason: UnprovedReason, at now: Instant) {
        count &+= 1
        latest = max(latest ?? now, now)
        // A peer whose answers come too late never proves that it is running: that is why, and not that it does not answer.
        if !(reason == .awaitingProof && self.reason == .late) { self.reason = reason }
    }

    mutating func noteHeard() { if count > 0 { self = UnprovedDatagrams() } }

    /// Whether they arrive at present: the latest is at most `patience` old.
    func areArriving(at now: Instant, patience: TimeSpan) -> Bool {
        latest.map { now - $0 <= patience } ?? false
    }
}

extension Peer {
    /// Whether datagrams arrive that seem to be its own and are not believed.
    func isSpeaking(at now: Instant) -> Bool {
        unproved.areArriving(at: now, patience: interval * 3 + margin)
    }

    /// Lets a suspicion be judged at the end of this turn if what arrives takes its vote and its cause: the peer has not
    /// crashed while it sends.
    ///
    /// Of what comes too late only: what awaits proof is believed, or is not, after one round trip.
    mutating func weighLate(at now: Instant) {
        guard suspicion?.hasVote == true, isSpeaking(at: now) else { return }
        hasten(reviewTo: now)
    }
}

/// How right this host has been about one peer, in the metrics of Chen, Toueg and Aguilera.
///
/// "On the quality of service of failure detectors", IEEE Transactions on Computers 51(5), 2002. A mistake is a
/// suspicion that the peer's own clock has proved false and that could not be distinguished from a crash (`SuspicionAudit`). A
/// suspicion that ends with a new incarnation of the peer is none, nor one that blamed the link or this host; their time,
/// and that of one that nothing settles, counts neither way.
public struct TrackRecord: Sendable, BitwiseCopyable, Hashable {
    /// The suspicions, and what is proved about them.
    public var audit: SuspicionAudit
    /// For how long the peer was trusted, in all; being overdue and pinged is part of that.
    public var trustedTime: TimeSpan

    /// T_M: how long a mistake lasted on average; `nil` without mistakes.
    public var mistakeDuration: TimeSpan? { mean(audit.mistakeDuration) }

    /// T_MR = 1 / λ_M: from one mistake to the next on average, in the time in which the peer is known to have lived;
    /// `nil` without mistakes.
    public var mistakeRecurrence: TimeSpan? { mean(trustedTime + audit.mistakeDuration) }

    /// P_A in millionths: of the time in which the peer is known to have lived, the share in which it was trusted;
    /// `nil` before there is any.
    public var accuracyPerMillion: Int? {
        let lived = Double((trustedTime + audit.mistakeDuration).nanoseconds)
        guard lived > 0 else { return nil }
        return Int(Double(trustedTime.nanoseconds) / lived * 1e6)
    }

    private func mean(_ sum: TimeSpan) -> TimeSpan? {
        audit.mistakes > 0 ? sum / Int64(clamping: audit.mistakes) : nil
    }
}

extension Monitor {
    /// How right this host has been about the peer at an index, up to now.
    public func trackRecord(ofPeer index: Int, at now: Instant) -> TrackRecord {
        let trustedTime = peers.ask(index) { $0.history.trustedTime + $0.presentTrust(at: now) }
        return TrackRecord(audit: audit(ofPeer: index, at: now), trustedTime: trustedTime)
    }
}

extension Peer {
    /// For how long it has been trusted without a break; zero when it is not.
    func presentTrust(at now: Instant) -> TimeSpan {
        state == .trusted || state == .pending ? max(now - stateSince, .zero) : .zero
    }
}

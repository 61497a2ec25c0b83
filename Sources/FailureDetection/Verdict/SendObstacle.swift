/// Why this host did not hand a datagram to the network.
///
/// That is evidence about this host, never about the peer (`EvidenceRank.unsent`).
public enum SendObstacle: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The peer's name has not been resolved, so there is nowhere to send to.
    case noAddress
    /// This host's own packet filter refused it: EPERM.
    case filtered
    /// This host has no route or no usable source address: ENETUNREACH, EHOSTUNREACH, EACCES (a route that prohibits),
    /// EADDRNOTAVAIL, EINVAL, or no socket of the address's family.
    case noRoute
    /// The kernel refused it for another reason, such as a lack of buffers.
    case failed
}

/// Whether what is sent to one peer leaves this host.
struct SendRecord: Sendable, BitwiseCopyable {
    /// Why nothing can be sent, or why the latest datagram was not; `nil` while all leave.
    private(set) var obstacle: SendObstacle?
    private var failedAt = Instant(nanoseconds: .min)
    private var attemptedAt = Instant(nanoseconds: .min)

    /// Sets whether the peer has an address.
    mutating func setAddressKnown(_ isKnown: Bool) {
        guard isKnown == (obstacle == .noAddress) else { return }
        obstacle = isKnown ? nil : .noAddress
    }

    /// Notes that a datagram is about to be sent: if one of an earlier turn left, nothing is in the way any more.
    mutating func attempt(at now: Instant) {
        guard now > attemptedAt else { return }
        if obstacle != .noAddress, failedAt < attemptedAt { obstacle = nil }
        attemptedAt = now
    }

    /// Notes that the kernel refused what this turn sent.
    mutating func failed(_ reason: SendObstacle, at now: Instant) {
        guard obstacle != .noAddress else { return }
        obstacle = reason
        failedAt = now
    }
}

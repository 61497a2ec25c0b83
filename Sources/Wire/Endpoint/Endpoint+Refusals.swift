internal import CausalClock
package import FailureDetection

/// What an endpoint refused, and from where.
extension Endpoint {
    /// How many datagrams were refused for one reason.
    package func count(of refusal: Refusal) -> UInt64 { refusalBook.totals[refusal.rawValue] }

    /// The refused datagrams that came from the address of the peer at an index; `nil` before there was one.
    package func refusals(fromPeer index: Int) -> PeerRefusals? { refusalBook[index] }

    /// The refused datagrams that came from addresses of no peer; `nil` before there was one.
    package var refusalsFromStrangers: PeerRefusals? { refusalBook.strangers }

    /// Counts a refusal, and remarks on it where that is worth a line: at each doubling, so that a flood writes a few.
    mutating func refuse(
        _ refusal: Refusal, from source: NetworkAddress, claiming id: HostID? = nil, arrived: Instant? = nil,
        at now: Instant, into outbox: inout Outbox
    ) {
        let peer = peers(at: source).first
        let count = refusalBook.note(refusal, from: source, of: peer, claiming: id, at: now)
        if let peer, let reason = UnprovedReason(refusal) {
            links[peer].unprovedSource = source
            handle(
                .unproved(peer: peer, reason, arrived: arrived ?? now), at: now, answering: nil, into: &outbox
            )
        }
        guard let count else { return }
        outbox.append(
            Outbox.RefusalNotice(
                refusal: refusal, count: count, source: source, peer: peer.map { monitor.id(ofPeer: $0) },
                claimedID: id))
    }
}

extension UnprovedReason {
    /// Why a refused datagram may be of the peer from whose address it comes; `nil` if it proves no such thing.
    fileprivate init?(_ refusal: Refusal) {
        switch refusal {
        case .unsealed, .sealed, .unopened: self = .key
        case .version, .misaddressed, .unknownPeer, .ownIdentity: self = .identity
        case .futureEpoch: self = .clock
        case .oldEpoch: self = .incarnation
        case .malformed, .oversized, .duplicate, .outdated, .unsolicited, .reflected, .lastWords:
            return nil
        }
    }
}

internal import CausalClock
internal import FailureDetection

/// How large datagrams are.
extension Endpoint {
    /// What a message needs besides the names: envelope, seal, head, ping, clock block, acknowledgement, and the numbers
    /// of the addressee's own entry.
    private static let leastWithoutNames = 190

    /// The space that every message to the peer at an index has: for what it is for, what is acknowledged with
    /// it, and the addressee's own entry.
    func least(to index: Int) -> Int {
        Self.leastWithoutNames + monitor.id.count + 2 * links[index].addressee.count
    }

    /// The most bytes of a message.
    ///
    /// The pings of a round get smaller from one to the next, so that they do not all share the fate of a heartbeat that
    /// was too large for the path. However few there are, the last one has only what is needed.
    func payloadLimit(for outgoing: OutboundMessage, at now: Instant) -> Int {
        var smaller = 0
        if case .ping = outgoing.body {
            smaller = outgoing.isSmallest ? PayloadLimit.steps.count : outgoing.attempt - 1
        }
        return links[outgoing.to].payload.bytes(at: now, smaller: smaller, least: least(to: outgoing.to))
    }

    /// What is known of the largest datagrams that get through to the peer at an index.
    ///
    /// - Returns: the most bytes that are sent to it, and how many of those that were lost; `nil` where nothing is amiss.
    package func payloadFinding(ofPeer index: Int) -> PayloadFinding? {
        let payload = links[index].payload
        guard let lost = payload.lost else { return nil }
        let limit = payload.bytes(least: least(to: index))
        return PayloadFinding(limit: limit, lost: lost)
    }

    mutating func notePayload(of outgoing: OutboundMessage, size: Int) {
        links[outgoing.to].payload.sent(outgoing.sequence, size: size, least: least(to: outgoing.to))
    }

    mutating func learnPayload(from reception: InboundMessage, at index: Int, into outbox: inout Outbox) {
        let least = least(to: index)
        guard links[index].payload.learn(reception.acknowledgement, least: least, at: reception.arrived)
        else {
            return
        }
        outbox.append(
            Outbox.PayloadNews(peer: links[index].addressee, finding: payloadFinding(ofPeer: index)))
    }
}

/// That large datagrams do not get through, although smaller ones do.
package struct PayloadFinding: Sendable, BitwiseCopyable, Hashable {
    /// The most bytes of a datagram that are sent now, without the headers of IP and UDP.
    package var limit: Int
    /// The smallest of those that were lost.
    package var lost: Int
}

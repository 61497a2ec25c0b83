package import FailureDetection

/// At which of a peer's addresses our datagrams arrive: what was sent to each lately, and what of that the peer
/// acknowledged.
///
/// That a peer is heard says nothing of the address that we send to: its answers go to where our pings come from, and
/// its heartbeats to where it knows us. Only the acknowledgement of a datagram that was sent to an address proves it.
package struct AddressProof: Sendable {
    /// The most addresses of one peer that are asked besides the present one.
    package static let limit = 8

    /// One address of a peer.
    package struct Trial: Sendable, BitwiseCopyable {
        /// The address.
        package let address: NetworkAddress
        /// The numbers on the link of what went there: what goes elsewhere does not push them out.
        fileprivate var record = DeliveryRecord()
        /// What became of the latest datagrams that went there, since the last comparison began.
        package fileprivate(set) var outcomes = DeliveryOutcomes()
        /// When the latest acknowledgement of a datagram that went there arrived; `nil` before the first.
        package fileprivate(set) var acknowledged: Instant?
        /// Since when such an acknowledgement has been waited for; `nil` while none is.
        package var waitingSince: Instant? { record.unacknowledgedSince }

        fileprivate init(_ address: NetworkAddress) { self.address = address }
    }

    /// Where the peer is reached at present; `nil` until its name is resolved.
    package private(set) var present: Trial?
    /// Other addresses that were asked, in the order in which they were.
    package private(set) var others: [Trial] = []

    /// The number on the link of the latest datagram.
    private var latest: UInt64 = 0

    /// Whether the present address acknowledged a datagram that was sent there, and none has waited for longer than
    /// `patience` since.
    package func isProved(at now: Instant, patience: TimeSpan) -> Bool {
        guard let present, present.acknowledged != nil else { return false }
        return present.waitingSince.map { now - $0 <= patience } ?? true
    }

    /// Makes an address the present one; what is known of it stays known.
    mutating func move(to address: NetworkAddress?) {
        guard address != present?.address else { return }
        let former = present
        present = address.map { address in others.first { $0.address == address } ?? Trial(address) }
        others.removeAll { $0.address == address }
        if let former { remember(former) }
    }

    /// Begins to count what is sent to another address.
    mutating func ask(_ address: NetworkAddress) {
        guard address != present?.address, !others.contains(where: { $0.address == address }) else { return }
        remember(Trial(address))
    }

    private mutating func remember(_ trial: Trial) {
        if others.count == Self.limit { others.removeFirst() }
        others.append(trial)
    }

    /// Begins to compare how much arrives at each address: what was counted before is forgotten.
    mutating func beginComparison() {
        present?.outcomes = DeliveryOutcomes()
        for place in others.indices { others[place].outcomes = DeliveryOutcomes() }
    }

    /// Notes where the datagram of a number on the link goes.
    mutating func sent(_ sequence: UInt64, to address: NetworkAddress, at now: Instant) {
        latest = max(latest, sequence)
        let isPresent = present?.address == address
        present?.record.sent(sequence, elsewhere: !isPresent, at: now)
        for place in others.indices where others[place].address == address {
            others[place].record.sent(sequence, elsewhere: false, at: now)
        }
    }

    /// Learns what the peer got.
    ///
    /// - Returns: whether one of the other addresses is proved by that.
    mutating func learn(_ acknowledgement: LinkAcknowledgement, at arrival: Instant) -> Bool {
        guard acknowledgement.highest > 0, acknowledgement.highest <= latest else { return false }
        present?.learn(acknowledgement, at: arrival)
        var isProved = false
        for place in others.indices where others[place].learn(acknowledgement, at: arrival) {
            isProved = true
        }
        return isProved
    }
}

extension AddressProof.Trial {
    /// - Returns: whether a datagram that was sent there is acknowledged for the first time.
    @discardableResult
    fileprivate mutating func learn(_ acknowledgement: LinkAcknowledgement, at arrival: Instant) -> Bool {
        record.judge(acknowledgement, into: &outcomes)
        guard record.learn(acknowledgement, at: arrival) else { return false }
        acknowledged = arrival
        return true
    }
}

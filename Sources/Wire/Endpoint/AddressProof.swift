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
        /// Bit *i* is set when the datagram `latest − i` of the link went there and is not acknowledged.
        fileprivate var open: UInt64 = 0
        /// When the latest acknowledgement of a datagram that went there arrived; `nil` before the first.
        package fileprivate(set) var acknowledged: Instant?
        /// Since when such an acknowledgement has been waited for; `nil` while none is.
        package fileprivate(set) var waitingSince: Instant?

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

    /// Notes where the datagram of a number on the link goes.
    mutating func sent(_ sequence: UInt64, to address: NetworkAddress, at now: Instant) {
        let step = sequence > latest ? sequence - latest : 0
        latest = max(latest, sequence)
        let isPresent = present?.address == address
        present?.send(step, isThere: isPresent, at: now)
        for place in others.indices {
            others[place].send(step, isThere: others[place].address == address, at: now)
        }
    }

    /// Learns what the peer got.
    ///
    /// - Returns: whether one of the other addresses is proved by that.
    mutating func learn(_ acknowledgement: LinkAcknowledgement, at arrival: Instant) -> Bool {
        let highest = acknowledgement.highest
        guard highest > 0, highest <= latest, latest - highest < 64 else { return false }
        let behind = latest - highest
        let got = (1 | acknowledgement.bitmap << 1) << behind
        present?.acknowledge(got, behind: behind, at: arrival)
        var isProved = false
        for place in others.indices where others[place].acknowledge(got, behind: behind, at: arrival) {
            isProved = true
        }
        return isProved
    }
}

extension AddressProof.Trial {
    fileprivate mutating func send(_ step: UInt64, isThere: Bool, at now: Instant) {
        open <<= step
        guard isThere else { return }
        open |= 1
        if waitingSince == nil { waitingSince = now }
    }

    /// - Returns: whether a datagram that was sent there is acknowledged for the first time.
    @discardableResult
    fileprivate mutating func acknowledge(_ got: UInt64, behind: UInt64, at arrival: Instant) -> Bool {
        guard open & got != 0 else { return false }
        open &= ~got
        acknowledged = arrival
        let later: UInt64 = (1 << behind) - 1
        waitingSince = open & later == 0 ? nil : arrival
        return true
    }
}

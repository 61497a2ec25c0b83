package import FailureDetection

/// Where peers are reached.
extension Endpoint {
    /// Where the peer at an index is reached; `nil` until its name is resolved.
    package func address(ofPeer index: Int) -> NetworkAddress? { links[index].proof.present?.address }

    /// What is known of the addresses of the peer at an index.
    package func proof(ofPeer index: Int) -> AddressProof { links[index].proof }

    /// Whether the present address of the peer at an index acknowledges what is sent there (`AddressProof.isProved`).
    ///
    /// Asked of all peers again and again, this and the next three copy nothing.
    package func isProved(ofPeer index: Int, at now: Instant, patience: TimeSpan) -> Bool {
        links[index].proof.isProved(at: now, patience: patience)
    }

    /// When the present address of the peer at an index acknowledged something last; `nil` before it did.
    package func acknowledged(ofPeer index: Int) -> Instant? { links[index].proof.present?.acknowledged }

    /// What became of the latest datagrams to the present address of the peer at an index.
    package func outcomes(ofPeer index: Int) -> DeliveryOutcomes {
        links[index].proof.present?.outcomes ?? DeliveryOutcomes()
    }

    /// Whether the peer at an index was asked at other addresses.
    package func isKnownElsewhere(ofPeer index: Int) -> Bool { !links[index].proof.others.isEmpty }

    /// From where the peer at an index was heard last; `nil` before it was.
    package func source(ofPeer index: Int) -> NetworkAddress? { links[index].source }

    /// Where the latest datagram came from that seems to be of the peer at an index and was not believed;
    /// `nil` if there was none.
    package func unprovedSource(ofPeer index: Int) -> NetworkAddress? { links[index].unprovedSource }

    /// Sets where a peer is reached.
    package mutating func setAddress(_ address: NetworkAddress?, ofPeer index: Int) {
        let former = self.address(ofPeer: index)
        guard address != former else { return }
        links[index].proof.move(to: address)
        links[index].payload = PayloadLimit()
        addressIndex.move(index, from: former, to: address)
        links[index].path = nil
        links[index].deliveryReport = nil
        monitor.noteAddress(ofPeer: index, isKnown: address != nil)
    }

    /// Asks whether a peer is also reached at another address, by one ping that goes there.
    ///
    /// It belongs to no round and is evidence of nothing: what the peer acknowledges decides. The outbox says so
    /// then.
    package mutating func ask(
        _ address: NetworkAddress, ofPeer index: Int, at now: Instant, into outbox: inout Outbox
    ) {
        links[index].proof.ask(address)
        asked = address
        handle(.asking(peer: index), at: now, answering: nil, into: &outbox)
        asked = nil
    }

    /// Begins to compare how much of what is sent to each address of a peer arrives (`AddressProof.Trial.outcomes`).
    package mutating func beginComparison(ofPeer index: Int) { links[index].proof.beginComparison() }

    /// The latest report that a datagram to the peer at an index was not delivered; `nil` before there was one.
    package func deliveryReport(ofPeer index: Int) -> DeliveryReport? { links[index].deliveryReport }

    /// Notes a report that a datagram was not delivered; anyone can forge it, so it explains and proves nothing.
    package mutating func noteUndelivered(_ address: NetworkAddress, _ report: DeliveryReport) {
        for index in peers(at: address) { links[index].deliveryReport = report }
    }

    /// Forgets by which path datagrams go to an address: nothing can be sent there by it.
    package mutating func forgetPath(to address: NetworkAddress) {
        for index in peers(at: address) { links[index].path = nil }
    }

    /// From where a regular datagram to a peer leaves; `nil` leaves that to the caller.
    ///
    /// While no acknowledgement comes from the peer's address, every other datagram is tried without the path.
    func path(ofPeer index: Int, to destination: NetworkAddress, sequence: UInt64, at now: Instant)
        -> LocalPath?
    {
        guard let path = links[index].path, destination == address(ofPeer: index) else { return nil }
        let isProved = links[index].proof.isProved(at: now, patience: .seconds(1))
        return isProved || sequence & 1 == 0 ? path : nil
    }

    /// Learns from where a peer sends, and by which address of ours it reaches us.
    mutating func noteSource(_ question: AnswerableDatagram, ofPeer index: Int) {
        links[index].source = question.source
        if question.source == address(ofPeer: index) { links[index].path = question.path }
    }
}

/// What a host or a router says of a datagram that it did not deliver.
package struct DeliveryReport: Sendable, BitwiseCopyable, Hashable {
    /// Which host says so.
    package let reporter: NetworkAddress
    /// Why, as the system numbers errors.
    package let error: Int32
    /// When the report was read.
    package let at: Instant

    /// Describes a report.
    package init(by reporter: NetworkAddress, error: Int32, at instant: Instant) {
        (self.reporter, self.error, at) = (reporter, error, instant)
    }
}

internal import CausalClock
internal import FailureDetection

/// What a believed message teaches of its sender.
extension Endpoint {
    /// Learns which of our clocks the sender of a message has, and which of the keys it uses.
    ///
    /// What it said of an earlier incarnation of ours, or in one of its own, says nothing of the present.
    mutating func learn(
        from reception: InboundMessage, of index: Int, _ question: AnswerableDatagram,
        sealedBy key: UInt64?,
        into outbox: inout Outbox
    ) {
        noteSource(question, ofPeer: index)
        guard reception.dot.epoch == monitor.epoch(ofPeer: index),
            reception.acknowledgedEpoch == monitor.clock.epoch
        else { return }
        links[index].theirKey = key
        links[index].baseline.align(ours: monitor.clock.epoch, theirs: reception.dot.epoch)
        links[index].baseline.learn(reception.acknowledgement)
        learnRecords(from: reception, at: index)
        learnPayload(from: reception, at: index, into: &outbox)
        if links[index].proof.learn(reception.acknowledgement, at: reception.arrived) {
            outbox.append(provedAddressOf: index)
        }
    }
}

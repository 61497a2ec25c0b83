internal import CausalClock

/// That a peer's daemon has ended, as its host says.
extension Monitor {
    /// Takes the last words of a peer's daemon, if they are of the incarnation that is watched and later than all that is known of
    /// it: they are kept, and the cause of a suspicion that lasts is checked.
    ///
    /// They are received in the silence, and so end an isolation as a sign of life would.
    mutating func noteLastWords(
        _ dot: Dot, arrived: Instant, at now: Instant, into effects: inout Effects
    ) {
        guard let index = index(of: dot.host) else { return effects.append(.refused(.unknownPeer)) }
        if let refusal = refusal(ofLastWords: dot, from: index) { return effects.append(.refused(refusal)) }
        endIsolation(bySignOfLifeFrom: index, at: now, into: &effects)
        peers[index].lastWords.take(dot.counter, arrived: arrived)
        if peers[index].flaps.ended(at: now) { note(.flapping, of: index, at: now, into: &effects) }
        peers[index].hasten(reviewTo: now)
        schedule(index)
    }

    private func refusal(ofLastWords dot: Dot, from index: Int) -> Refusal? {
        // Of an incarnation that has not been heard they say nothing, for no message can show any more that it ran.
        guard let epoch = peers[index].epoch, dot.epoch <= epoch else { return .lastWords }
        let known = clock.latest(of: dot.host) ?? Dot(host: dot.host, epoch: epoch, counter: 0)
        guard dot.epoch == epoch, known.epoch <= epoch else { return .oldEpoch }
        let number = peers[index].lastWords.number
        if dot.counter == number { return .duplicate }
        return dot.counter <= max(known.epoch == epoch ? known.counter : 0, number) ? .outdated : nil
    }
}

extension Peer {
    /// Whether its host has said that its daemon has ended, and nothing was heard of it since.
    ///
    /// The verdict says it too: it outlives a restart of ours, which forgets the words.
    var isSaidToHaveEnded: Bool { lastWords.arrived != nil || verdict?.cause == .daemon }
}

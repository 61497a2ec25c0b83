internal import CausalClock

/// That a peer's daemon has ended, as its host says.
extension Monitor {
    /// Takes the last words of a peer's daemon, if they are of the incarnation that is watched and later than all that is known of
    /// it: they are kept, and the cause of a suspicion that lasts is checked.
    mutating func noteLastWords(
        _ dot: Dot, arrived: Instant, at now: Instant, into effects: inout Effects
    ) {
        guard let index = index(of: dot.host) else { return effects.append(.refused(.unknownPeer)) }
        if let refusal = refusal(ofLastWords: dot, from: index) { return effects.append(.refused(refusal)) }
        peers[index].lastWords.take(dot.counter, arrived: arrived)
        peers[index].hasten(reviewTo: now)
        schedule(index)
    }

    private func refusal(ofLastWords dot: Dot, from index: Int) -> Refusal? {
        guard let epoch = peers[index].epoch, dot.epoch == epoch else {
            // Of one that has not been heard they say nothing, for no message can show any more that it ran.
            return peers[index].epoch.map { dot.epoch < $0 } ?? false ? .oldEpoch : .unsolicited
        }
        if dot.counter == peers[index].lastWords.number { return .duplicate }
        let known = clock.latest(of: dot.host).map { $0.epoch == epoch ? $0.counter : 0 } ?? 0
        return dot.counter <= max(known, peers[index].lastWords.number) ? .outdated : nil
    }
}

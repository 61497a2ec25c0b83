internal import CausalClock

/// The one entrance.
extension Monitor {
    /// Takes one event at the instant `now` and appends what is to be done to `effects`.
    public mutating func handle(_ event: Event, at now: Instant, into effects: inout Effects) {
        round = nil
        if let duration = isolation.takeUnreportedEnd() {
            reportEnd(ofIsolationFor: duration, at: now, into: &effects)
        }
        dispatch(event, at: now, into: &effects)
        if isolation.isUnsupported { endIsolation(at: now, into: &effects) }
        settleOpinions(at: now, into: &effects)
        assertInvariants()
    }

    private mutating func dispatch(_ event: Event, at now: Instant, into effects: inout Effects) {
        switch event {
        case .turnBegan: beginTurn(at: now, into: &effects)
        case .received(let reception): receive(reception, at: now, into: &effects)
        case .lastWords(let dot, let arrived):
            noteLastWords(dot, arrived: arrived, at: now, into: &effects)
        case .portUnreachable(let peer, let isVerified):
            noteUnreachable(peer, isVerified: isVerified, at: now, into: &effects)
        case .unsent(let peer, let obstacle):
            noteUnsent(peer, obstacle, at: now)
            weighUnsent(peer, at: now)
        case .unproved(let peer, let reason, let arrived):
            noteRefused(peer, reason, arrived: arrived, at: now, into: &effects)
        case .asking(let peer):
            if peers.indices.contains(peer) { sendPing(to: peer, use: .address, at: now, into: &effects) }
        case .carrying(let peer):
            if peers.indices.contains(peer) { send(.records, to: peer, at: now, into: &effects) }
        case .recording: tick(.record, at: now, into: &effects)
        case .opinions(let list, let arrived): take(list, arrived: arrived)
        case .claimed(let dot, let peer):
            if peers.indices.contains(peer) { noteClaim(dot, by: peer, at: now, into: &effects) }
        case .kernelDropped(let count): noteDropped(count, at: now)
        case .wake: wake(at: now, into: &effects)
        case .leaving(let absence): leave(returningWithin: absence, at: now, into: &effects)
        case .pausing: pause(at: now, into: &effects)
        }
    }
}

internal import CausalClock

/// Whether a life of a peer that is new to us is going on now, or was recorded and is played to us again.
///
/// Within one life the link's sequence numbers refuse what was received before. They cannot after a restart of ours,
/// which forgets them: then everything that the peer ever sent looks new, and a recording would keep a dead peer alive.
/// No clock helps, for clocks need not agree. So where datagrams are authentic, a life is believed only of a message
/// that was made after this life of ours had begun: one that acknowledges it, or answers a ping of ours. What comes
/// before that makes us ask, which costs one round trip.
extension Monitor {
    /// Whether a message may begin a life of its sender.
    func provesFreshness(_ reception: Reception) -> Bool {
        // That a pong answers an outstanding ping has been checked by now.
        if case .pong = reception.body { return true }
        return reception.acknowledgedEpoch == clock.epoch
    }

    /// Asks the sender of a message that may have been recorded: its answer will show that it lives now.
    ///
    /// It is answered itself, as it may be asking for the same reason.
    mutating func challenge(
        _ reception: Reception, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        if case .ping(let nonce) = reception.body {
            let waited = max(now - reception.arrived, .zero)
            send(.pong(nonce: nonce, waited: waited), to: index, at: now, into: &effects)
        }
        guard !peers[index].probes.isAwaiting(at: now) else { return }
        sendPing(to: index, at: now, into: &effects)
        if peers[index].state != .pending { peers[index].probes.end() }
        schedule(index)
    }
}

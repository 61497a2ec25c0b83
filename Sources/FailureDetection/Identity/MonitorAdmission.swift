internal import CausalClock

/// Whether an incarnation of a peer that is new to us is running now, or was recorded and is played to us again.
///
/// Within one incarnation the link's sequence numbers refuse what was received before. They cannot after a
/// restart of ours, which forgets them: then everything that the peer ever sent looks new, and a recording
/// would keep a dead peer alive. No clock helps, for clocks need not agree. So where datagrams are authentic,
/// an incarnation is believed only of a message that answers a ping of ours. What comes before that makes us
/// ask, which costs one round trip. Pings go to the address where the peer is configured to be: an attacker
/// with a stolen key that sees none of them cannot begin an incarnation of a peer.
extension Monitor {
    /// Whether a message may be of an incarnation that is over: of one that is new to us, or one that is in doubt.
    func lacksFreshness(_ reception: InboundMessage, of index: Int) -> Bool {
        guard requiresFreshness else { return false }
        guard reception.dot.epoch != peers[index].epoch || peers[index].incarnation.needsFreshnessProof else {
            return false
        }
        switch reception.body {
        // That it answers an outstanding ping has been checked by now.
        case .pong: return false
        // Goodbyes come in copies, and a peer that has left is not asked.
        case .leave: return peers[index].state != .left || reception.dot.epoch != peers[index].epoch
        case .heartbeat, .ping, .records: return true
        }
    }

    /// Asks the sender of a message that may have been recorded: its answer will show that it is running now.
    ///
    /// It is answered itself, as it may be asking for the same reason.
    mutating func challenge(
        _ reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        challenges &+= 1
        if peers[index].noteRival(reception.dot.epoch, at: now) {
            reportConflict(.twoIncarnations, of: index, at: now, into: &effects)
        }
        // What another process sends says nothing of the peer.
        if !peers[index].isRival(reception.dot.epoch) {
            noteUnproved(index, .awaitingProof, arrived: reception.arrived, at: now)
            // What was overtaken by a goodbye is of the incarnation that said it; a later goodbye is no return.
            if let known = peers[index].epoch, reception.dot.epoch > known, reception.body != .leave {
                expectReturn(of: index, at: now)
            }
        }
        if case .ping(let nonce) = reception.body {
            answer(nonce, of: reception, from: index, at: now, into: &effects)
        }
        // A ping of a round may have come before the peer was up. A flood makes us ask once until we are answered, and a hundred
        // times a second at most. A recording must not postpone a verdict.
        askWhetherRunning(index, at: now, into: &effects)
    }
}

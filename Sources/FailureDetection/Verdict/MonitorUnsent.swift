internal import CausalClock

/// What never left this host, and what cannot be believed: evidence about this host or about a configuration, and none
/// of a crash.
extension Monitor {
    /// Reports where the peer at an index is reached from now on: at another address, or at none.
    ///
    /// What was learnt of the former address says nothing of the new one.
    public mutating func noteAddress(ofPeer index: Int, isKnown: Bool) {
        peers[index].sender.addressChanged()
        peers[index].portReports = PortReports()
        peers[index].sending.setAddressKnown(isKnown)
    }

    /// Notes that what this turn sent to a peer was not handed to the network.
    mutating func noteUnsent(_ index: Int, _ obstacle: SendObstacle, at now: Instant) {
        guard peers.indices.contains(index) else { return }
        peers[index].sending.failed(obstacle, at: now)
        peers[index].probes.noteUnsent(at: now)
    }

    /// Counts a datagram that seems to be of the peer at an index and is not believed; the next review weighs it.
    ///
    /// One that waited to be read, because no process did, shows what was when it arrived; while this node reads late, silence
    /// is judged as much later.
    mutating func noteUnproved(_ index: Int, _ reason: UnprovedReason, arrived: Instant, at now: Instant) {
        guard peers.indices.contains(index) else { return }
        peers[index].unproved.note(reason, at: min(arrived + health.reading.bound, now))
    }

    /// A pong that was under way for too long does not prove that the peer is running now, for it may have been held back; it
    /// shows that the peer, or something in its name, answers.
    mutating func noteLatePong(of index: Int, isFresh: Bool, arrived: Instant, at now: Instant) {
        challenges &+= 1
        if isFresh { noteUnproved(index, .late, arrived: arrived, at: now) }
    }

    /// A pong to a ping that is forgotten by now proves nothing, but something in the peer's incarnation answers, or in its
    /// first one, which is not believed yet.
    ///
    /// Each number counts once: a recording that is played again does not.
    mutating func noteUnsolicited(_ reception: InboundMessage, of index: Int, at now: Instant) {
        let latest = max(peers[index].receiver.highest, peers[index].incarnation.latestUnsolicited)
        guard reception.dot.epoch == peers[index].epoch ?? reception.dot.epoch, reception.sequence > latest
        else { return }
        peers[index].incarnation.latestUnsolicited = reception.sequence
        noteUnproved(index, .late, arrived: reception.arrived, at: now)
    }
}

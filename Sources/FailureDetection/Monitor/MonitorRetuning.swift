internal import CausalClock

/// A new configuration.
extension Monitor {
    /// Takes new settings: peers that stay keep all their history, new ones are unknown, missing ones are forgotten.
    ///
    /// Positions may change with it. For a peer that stays nothing else changes than what its settings say: not its
    /// state, its deadlines, the pings under way, or what others have reported of its silence. The reload itself is an
    /// event of ours.
    public mutating func retune(_ settings: [PeerSettings], at now: Instant) {
        let (known, knownRelays) = (peers, indirectNews)
        let sorted = settings.sorted { $0.id < $1.id }
        let places = sorted.map { index(of: $0.id) }
        let areSame = names == sorted.map(\.id)
        peers = PeerTable(
            zip(sorted, places).map { setting, place in
                guard let place else { return returning(setting, at: now) }
                var peer = known[place]
                peer.retune(setting, at: now)
                return peer
            })
        names = peers.ids
        indirectNews = places.map { $0.flatMap { knownRelays[$0] } }
        let moved = known.ids.map { index(of: $0) }
        for (index, place) in moved.enumerated() where place == nil { retire(known[index]) }
        questions.move { moved[$0] }
        spreadTuning(from: now)
        relistSilent()
        if !areSame { deadlines = DeadlineHeap(count: peers.count) }
        isolation.recount()
        scheduleAll()
        reassessIsolation(hasLostPeers: moved.contains(nil), at: now)
        recountOpinions()
        clock.tick()
    }

    /// Forgets a peer that is not watched any more, but for the numbers of its link.
    private mutating func retire(_ peer: Peer) {
        clock.remove(peer.id)
        ledger.forget(peer.id)
        retiredLinks.append(
            RetiredPeer(
                id: peer.id, last: peer.sender.next - 1, epoch: peer.epoch, receiver: peer.receiver,
                lastHeard: peer.lastHeard ?? peer.history.heardBefore, absence: peer.absence))
        guard !peer.incarnation.coverage.isCovered else { return }
        coverage.note(wasCovered: false, isCovered: true)
        noteLoss()
    }

    /// A peer that was not watched until now; if it was before, the numbers of its link continue both ways, and which of its
    /// events are known.
    ///
    /// What had left is still away: its next incarnation is awaited, not the one that has ended.
    private mutating func returning(_ settings: PeerSettings, at now: Instant) -> Peer {
        var peer = Peer(settings, at: now)
        clock.restore(settings.id)
        guard let link = retiredLinks.take(settings.id) else {
            peer.sender = LinkSender(after: retiredLinks.forgottenUpTo)
            return peer
        }
        peer.sender = LinkSender(after: link.last)
        peer.history.heardBefore = link.lastHeard
        if let epoch = link.epoch { peer.resume(epoch, receiver: link.receiver, from: clock.counter + 1) }
        // What it sent meanwhile was refused here, and not lost.
        peer.receiver.noteAway(until: now)
        if let absence = link.absence {
            peer.resumeAbsence(since: absence.since, until: absence.due, at: now)
        }
        return peer
    }
}

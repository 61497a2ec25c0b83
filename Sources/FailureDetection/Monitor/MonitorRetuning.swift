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
        for gone in known where index(of: gone.id) == nil {
            clock.remove(gone.id)
            ledger.forget(gone.id)
            retiredLinks.append(
                RetiredPeer(
                    id: gone.id, last: gone.sender.next - 1, epoch: gone.epoch, receiver: gone.receiver))
            guard !gone.incarnation.coverage.isCovered else { continue }
            coverage.note(wasCovered: false, isCovered: true)
            noteLoss()
        }
        let moved = known.map { index(of: $0.id) }
        questions.move { moved[$0] }
        spreadTuning(from: now)
        relistSilent()
        if !areSame { deadlines = DeadlineHeap(count: peers.count) }
        isolation.recount()
        scheduleAll()
        reassessIsolation(hasLostPeers: known.contains { index(of: $0.id) == nil }, at: now)
        recountOpinions()
        clock.tick()
    }

    /// A peer that was not watched until now; if it was before, the numbers of its link continue both ways.
    private mutating func returning(_ settings: PeerSettings, at now: Instant) -> Peer {
        var peer = Peer(settings, at: now)
        guard let link = retiredLinks.take(settings.id) else {
            peer.sender = LinkSender(after: retiredLinks.forgottenUpTo)
            return peer
        }
        peer.sender = LinkSender(after: link.last)
        if let epoch = link.epoch { peer.resume(epoch, receiver: link.receiver, from: clock.counter + 1) }
        return peer
    }
}

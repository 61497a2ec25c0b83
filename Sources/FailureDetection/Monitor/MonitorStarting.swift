public import CausalClock

extension Monitor {
    /// Makes a detector that has heard no host.
    ///
    /// - Parameters:
    ///   - id: this host.
    ///   - epoch: its incarnation; later than every earlier one, and durably stored.
    ///   - peers: the peers to watch, in any order, without `id` itself and without duplicates.
    ///   - seed: random bits for nonces; the caller's to choose, so that a simulation can be replayed.
    ///   - now: the present instant.
    public init(id: HostID, epoch: Epoch, peers: [PeerSettings], seed: UInt64, at now: Instant) {
        clock = VectorClock(owner: id, epoch: epoch)
        self.peers = PeerTable(peers.sorted { $0.id < $1.id }.map { Peer($0, at: now) })
        names = self.peers.ids
        indirectNews = Array(repeating: nil, count: peers.count)
        deadlines = DeadlineHeap(count: peers.count)
        generator = SplitMix64(seed: seed)
        started = now
        clock.tick()
        for index in self.peers.indices { notePatience(with: index, at: now) }
        spreadTuning(from: now)
        scheduleAll()
    }
}

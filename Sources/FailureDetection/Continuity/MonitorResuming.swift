internal import CausalClock

/// Continuing where an earlier process of the same incarnation ended.
extension Monitor {
    /// What has to be kept for that.
    public func snapshot(at now: Instant) -> MonitorSnapshot {
        var snapshot = MonitorSnapshot(id: id, epoch: clock.epoch, counter: clock.counter, taken: now)
        snapshot.isolatedSince = isolation.since
        snapshot.silentCohortLastHeard = isolation.heardUpTo
        snapshot.clock = clock.entries
        snapshot.peers = peers.indices.map { peers.ask($0) { $0.snapshot } }
        snapshot.retired = retiredLinks.items.map { RetiredLink(id: $0.id, last: $0.last) }
        snapshot.forgottenUpTo = retiredLinks.forgottenUpTo
        return snapshot
    }

    /// Makes a detector that continues the incarnation of a snapshot.
    ///
    /// The time since is a time in which we were away: no peer is blamed for it, and suspected peers still are. The
    /// start is an event of ours, as every start is.
    ///
    /// - Parameters:
    ///   - snapshot: with all numbers that were used.
    ///   - peers: the peers to watch, as for a detector that begins; they need not be those of the snapshot.
    ///   - seed: random bits for nonces.
    ///   - now: the present instant, no earlier than the snapshot.
    public init(resuming snapshot: MonitorSnapshot, peers: [PeerSettings], seed: UInt64, at now: Instant) {
        let known = snapshot.peers
        self.init(
            id: snapshot.id, epoch: snapshot.epoch,
            peers: known.map { known in
                peers.first { $0.id == known.id } ?? PeerSettings(placeholderFor: known.id)
            }, seed: seed, at: now)
        clock = VectorClock(owner: snapshot.id, epoch: snapshot.epoch, counter: snapshot.counter)
        for entry in snapshot.clock { clock.merge(entry) }
        // Whether they were all that could be known is not kept.
        clock.noteGap()
        noteLoss()
        retiredLinks = RetiredLinks(snapshot.retired, forgottenUpTo: snapshot.forgottenUpTo)
        let away = max(now - snapshot.taken, .zero)
        for index in self.peers.indices {
            guard let memory = known.first(where: { $0.id == self.peers[index].id }) else { continue }
            self.peers[index].resume(memory, after: away, at: now)
            self.peers[index].incarnation.began = clock.counter + 1
            // What was received after the snapshot is not remembered.
            self.peers[index].requireFreshnessProof()
        }
        if let since = snapshot.isolatedSince {
            isolation.begin(at: since, heardUpTo: snapshot.silentCohortLastHeard)
        }
        // What was removed from the configuration meanwhile goes, what was added comes, and the clock ticks.
        retune(peers, at: now)
    }
}

extension PeerSettings {
    /// Of a peer that is about to be removed.
    fileprivate init(placeholderFor id: HostID) {
        self.init(
            id: id, mode: .heartbeat, interval: .seconds(1), detector: .fixed(timeout: .seconds(1)),
            retries: 0,
            minimumTimeout: .zero, maximumTimeout: .zero, startupGrace: .zero)
    }
}

public import CausalClock

/// What there is to show about one peer.
public struct PeerReport: Sendable {
    /// The peer.
    public var id: HostID
    /// Its incarnation; `nil` until it is heard.
    public var epoch: Epoch?
    /// What is thought of it.
    public var state: PeerState
    /// Since when.
    public var since: Instant
    /// Why it is suspected, or that it does not hear us.
    public var verdict: Verdict?
    /// How it is watched.
    public var settings: PeerSettings
    /// When it was last heard.
    public var lastHeard: Instant?
    /// When it is overdue; `nil` when nothing is expected of it.
    public var deadline: Instant?
    /// The time between its heartbeats.
    public var interval: TimeSpan
    /// The smoothed round trip; `nil` before the first sample.
    public var roundTrip: TimeSpan?
    /// The smoothed deviation of the round trip.
    public var jitter: TimeSpan
    /// Losses per thousand from it to us.
    public var lossIn: Int
    /// Losses per thousand from us to it.
    public var lossOut: Int
    /// How often it was suspected.
    public var suspicions: UInt64
    /// How often it restarted without having announced that it stops.
    public var crashes: UInt64
    /// The target set for it, and what was derived from it; `nil` without one.
    public var target: TargetReport?
    /// Whether a quorum of independent observers shares the suspicion.
    public var isConfirmed: Bool
}

extension Monitor {
    /// What there is to show about the peer at an index.
    public func report(ofPeer index: Int) -> PeerReport {
        let peer = peers[index]
        return PeerReport(
            id: peer.id, epoch: peer.epoch, state: peer.state, since: peer.stateSince, verdict: peer.verdict,
            settings: peer.settings, lastHeard: peer.lastHeard,
            deadline: peer.isWatched ? peer.deadline : nil,
            interval: peer.interval, roundTrip: peer.roundTrip.smoothed, jitter: peer.roundTrip.variation,
            lossIn: peer.receiver.loss.perMille, lossOut: peer.sender.loss.perMille,
            suspicions: peer.suspicions, crashes: peer.crashes, target: peer.tuner?.report,
            isConfirmed: peer.isConfirmed)
    }

    /// What is thought of the peer at an index.
    public func state(ofPeer index: Int) -> PeerState { peers[index].state }

    /// The time between messages on the link to the peer at an index, the longer of both directions.
    public func slowerInterval(ofPeer index: Int) -> TimeSpan {
        max(peers[index].interval, peers[index].pace)
    }

    /// Takes new settings: peers that stay keep all their history, new ones are unknown, missing ones are forgotten.
    ///
    /// Places may change with it. For a peer that stays nothing else changes than what its settings say: not its state, its
    /// deadlines, the pings under way, or what others have told of its silence. The reload itself is an event of ours.
    public mutating func retune(_ settings: [PeerSettings], at now: Instant) {
        let (known, knownRelays) = (peers, indirectNews)
        let sorted = settings.sorted { $0.id < $1.id }
        let places = sorted.map { index(of: $0.id) }
        let areSame = names == sorted.map(\.id)
        peers = zip(sorted, places).map { setting, place in
            guard let place else { return returning(setting, at: now) }
            var peer = known[place]
            peer.retune(setting, at: now)
            return peer
        }
        names = peers.map(\.id)
        indirectNews = places.map { $0.flatMap { knownRelays[$0] } }
        for gone in known where index(of: gone.id) == nil {
            clock.remove(gone.id)
            ledger.forget(gone.id)
            retiredLinks.append(
                RetiredPeer(
                    id: gone.id, last: gone.sender.next - 1, epoch: gone.epoch, receiver: gone.receiver))
            guard !gone.incarnation.coverage.isCovered else { continue }
            uncovered -= 1
            noteLoss()
        }
        probeRequests = probeRequests.compactMap { question in
            guard let place = index(of: known[question.asker].id) else { return nil }
            var moved = question
            moved.asker = place
            return moved
        }
        spreadTuning(from: now)
        relistSilent()
        if !areSame { deadlines = DeadlineHeap(count: peers.count) }
        isolation.recount()
        scheduleAll()
        reassessIsolation(hasLostPeers: known.contains { index(of: $0.id) == nil }, at: now)
        recountOpinions()
        clock.tick()
    }

    /// A peer that was not watched until now; if it was before, the numbers of its link go on both ways.
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

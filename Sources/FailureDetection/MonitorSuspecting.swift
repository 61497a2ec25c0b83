internal import CausalClock

/// Who is suspected, and why: the verdict after all retries.
extension Monitor {
    mutating func suspect(_ index: Int, at now: Instant, into effects: inout Effects) {
        if isolatedSince == nil, isEveryoneSilent(since: peers[index]) {
            isolatedSince = now
            clock.tick()
            let evidence = evidence(of: index)
            effects.append(
                .notice(
                    Notice(
                        kind: .isolated, dot: clock.dot, at: now, verdict: Verdict(.isolated, .suspected),
                        evidence: evidence)))
        }
        // The evidence is taken before the round of pings ends.
        let evidence = evidence(of: index)
        let verdict = verdict(of: index, at: now)
        peers[index].become(.suspected, at: now)
        peers[index].verdict = verdict
        peers[index].review = now + reviewPeriod(of: index)
        // Isolation is one finding, not one for every peer.
        guard isolatedSince == nil else { return }
        note(.suspect, of: index, at: now, verdict: verdict, evidence: evidence, into: &effects)
    }

    /// Looks again at why a suspected peer is silent, and tells when the answer has changed.
    mutating func reviewSuspicion(of index: Int, at now: Instant, into effects: inout Effects) {
        peers[index].review = now + reviewPeriod(of: index)
        guard isolatedSince == nil else { return }
        let verdict = verdict(of: index, at: now)
        let isNews = verdict.cause != .unknown || peers[index].verdict?.cause == .isolated
        guard verdict != peers[index].verdict, isNews else { return }
        peers[index].verdict = verdict
        note(.suspect, of: index, at: now, verdict: verdict, withEvidence: true, into: &effects)
    }

    private func reviewPeriod(of index: Int) -> TimeSpan { peers[index].interval * 2 + peers[index].margin }

    /// Somebody is heard again: those who are still silent are judged one by one, after a fair time.
    mutating func endIsolation(at now: Instant, into effects: inout Effects) {
        guard let since = isolatedSince else { return }
        isolatedSince = nil
        for index in peers.indices {
            peers[index].forgive(.zero, at: now)
            if peers[index].state == .suspected { peers[index].review = now + reviewPeriod(of: index) }
            schedule(index)
        }
        clock.tick()
        effects.append(.notice(Notice(kind: .rejoined, dot: clock.dot, at: now, duration: now - since)))
    }

    /// Whether nobody at all was heard since `peer` became overdue.
    ///
    /// In the time that it takes to verify a silence, every healthy peer sends at least one heartbeat. If two or more
    /// peers are watched and none of them is heard, one broken link at our side explains it better than so many
    /// crashes at once. A host that refuses our datagrams is within reach, so then it is not us.
    private func isEveryoneSilent(since peer: Peer) -> Bool {
        guard peer.portUnreachable == nil else { return false }
        let overdue = (peer.lastHeard ?? started) + peer.interval + peer.margin
        var watched = 0
        for other in peers where other.isWatched {
            if other.portUnreachable != nil { return false }
            if other.id != peer.id, let heard = other.lastHeard, heard > overdue { return false }
            watched += 1
        }
        return watched >= 2
    }

    /// The likeliest reason for a silence.
    private func verdict(of index: Int, at now: Instant) -> Verdict {
        let peer = peers[index]
        if isolatedSince != nil { return Verdict(.isolated, .suspected) }
        if peer.portUnreachable != nil { return Verdict(.crash, .suspected) }
        // News from before this instant may be a rumour of its last words: everyone was told them at once, and
        // tells on within an interval.
        let rumoursDrained = (peer.lastHeard ?? started) + peer.interval * 3 / 2 + peer.margin
        if let relay = peer.relay, relay.arrived > rumoursDrained, now - relay.arrived < peer.interval * 6 {
            return Verdict(.link, .suspected)
        }
        let hasWitness = peers.contains {
            $0.id != peer.id && $0.state == .trusted && isHeard($0, after: rumoursDrained)
        }
        return Verdict(hasWitness ? .crash : .unknown, .suspected)
    }

    private func isHeard(_ peer: Peer, after instant: Instant) -> Bool {
        peer.lastHeard.map { $0 > instant } ?? false
    }
}

/// What is told, and what it rests on.
extension Monitor {
    /// Tells of something about one peer; that is an event of ours.
    mutating func note(
        _ kind: Notice.Kind, of index: Int, at now: Instant, verdict: Verdict? = nil, epoch: Epoch? = nil,
        duration: TimeSpan? = nil, evidence: Evidence? = nil, withEvidence: Bool = false,
        into effects: inout Effects
    ) {
        clock.tick()
        var notice = Notice(kind: kind, dot: clock.dot, at: now)
        notice.peer = peers[index].id
        notice.epoch = epoch ?? peers[index].epoch
        notice.verdict = verdict
        notice.duration = duration
        notice.evidence = withEvidence ? self.evidence(of: index) : evidence
        effects.append(.notice(notice))
    }

    /// What is known of the silence, or the life, of the peer at a place.
    public func evidence(of index: Int) -> Evidence {
        let peer = peers[index]
        return Evidence(
            detector: peer.settings.detector, interval: peer.interval, deadline: peer.deadline,
            lastHeard: peer.lastHeard, lastSequence: peer.receiver.highest,
            probes: peer.probes.since(peer.lastHeard ?? started), portUnreachable: peer.portUnreachable,
            relay: peer.relay, acknowledged: peer.sender.acknowledged, sent: peer.sender.next - 1,
            ownLag: health.recentLag, kernelDrops: health.kernelDrops)
    }
}

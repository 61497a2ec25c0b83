internal import CausalClock

/// Who is suspected, and why: the verdict after all retries.
extension Monitor {
    mutating func suspect(_ index: Int, at now: Instant, into effects: inout Effects) {
        if isolatedSince == nil {
            declareIsolation(for: index, at: now, into: &effects)
        } else {
            extendIsolation(to: index, at: now)
        }
        // The evidence is taken before the round of pings ends.
        var evidence = evidence(of: index)
        let judgement = judge(index, at: now)
        let verdict = judgement.verdict
        let obstacle = peers[index].obstacle
        peers[index].become(.suspected, at: now)
        peers[index].hasVote = judgement.hasVote
        peers[index].noteMissingRound(obstacle)
        peers[index].deadline = min(peers[index].deadline, judgementTime(at: now))
        peers[index].verdict = verdict
        peers[index].emittedVerdict = verdict
        opinionsChanged = true
        peers[index].review = now + reviewPeriod(of: index)
        // Isolation is one finding, not one for every peer; it is told once, and logged for each.
        let isOurFault = isInSilentCohort(index)
        if !isOurFault {
            if judgement.hasVote { evidence.agreement.includeOwn() }
            note(.suspect, of: index, at: now, verdict: verdict, evidence: evidence, into: &effects)
        } else {
            tick(.suspect, about: index, at: now, verdict: verdict, into: &effects)
            effects.append(.blamedOnUs(peer: index))
        }
        recordSuspicion(of: index, verdict: verdict, at: now)
        peers[index].suspicion = OwnSuspicion(
            counter: clock.counter, isAfterAnother: isSuspectedByOthers(index),
            epoch: latestIncarnation(of: index))
        guard !isOurFault else { return }
        if peers[index].flaps.suspected(at: now) { note(.flapping, of: index, at: now, into: &effects) }
    }

    /// Looks again at why a suspected peer is silent, and tells when the answer has changed.
    mutating func reviewSuspicion(of index: Int, at now: Instant, into effects: inout Effects) {
        peers[index].review = now + reviewPeriod(of: index)
        if isInSilentCohort(index), reevaluateIsolation(at: now, into: &effects) { return }
        // After an isolation nobody pings it, so what is read late is waited for as long as after a last ping.
        let late = peers[index].verdict?.cause == .isolated ? health.reading.bound : .zero
        guard !isInSilentCohort(index) else { return }
        extendSuspicion(of: index, at: now)
        let recovery = peers[index].recovery(at: judgementTime(at: now))
        guard recovery != .heard else { return reviewReturned(index, at: now, into: &effects) }
        guard peers[index].deadline + late <= judgementTime(at: now) else { return }
        makeUpForMissingRound(of: index, at: now, into: &effects)
        let judgement = judge(index, at: now)
        guard adopt(judgement, isRelapse: recovery == .relapsed, of: index) else { return }
        let verdict = judgement.verdict
        guard verdict != peers[index].emittedVerdict else { return }
        peers[index].emittedVerdict = verdict
        // One notice says both, if this ends the agreement of a quorum as well.
        peers[index].isConfirmed = peers[index].isConfirmed && isShared(index)
        note(.suspect, of: index, at: now, verdict: verdict, withEvidence: true, into: &effects)
    }

    /// Takes a new verdict on a suspected peer, unless it only says that nothing is known any more.
    ///
    /// - Returns: whether the verdict says more than that.
    @discardableResult
    private mutating func adopt(_ judgement: RankedVerdict, isRelapse: Bool = false, of index: Int) -> Bool {
        if judgement.hasVote != peers[index].hasVote {
            peers[index].hasVote = judgement.hasVote
            opinionsChanged = true
        }
        let isNews =
            judgement.verdict.cause != .unknown || !(judgement.hasVote || isRelapse)
            || peers[index].verdict?.cause == .isolated
        guard isNews, judgement.verdict != peers[index].verdict else { return isNews }
        peers[index].verdict = judgement.verdict
        opinionsChanged = true
        return true
    }

    /// A suspected peer that is heard in time has yet to show that it stays (`Recovery`).
    ///
    /// Nothing is emitted, for the suspicion lasts, unless the agreement of a quorum ends with it (`settleOpinions`).
    private mutating func reviewReturned(_ index: Int, at now: Instant, into effects: inout Effects) {
        adopt(judge(index, at: now), of: index)
        let late = now - judgementTime(at: now)
        var next = peers[index].deadline + late
        if next <= now {
            // It is overdue again: before a cause is named it is asked, and others are asked about it.
            sendPing(to: index, use: .freshness, at: now, into: &effects)
            sendIndirectProbes(about: index, at: now, into: &effects)
            next = min(now + peers[index].pingRound.spacing, peers[index].relapse + late)
        }
        peers[index].review = min(peers[index].review, next)
    }

    /// Extends the suspicion to a later incarnation that is as silent as the one before.
    private mutating func extendSuspicion(of index: Int, at now: Instant) {
        let latest = latestIncarnation(of: index)
        let patience = reviewPeriod(of: index) + look(at: index) { $0.verification }
        if peers[index].suspicion?.extend(to: latest, after: patience, at: now) == true {
            opinionsChanged = true
        }
    }

    func reviewPeriod(of index: Int) -> TimeSpan { peers[index].interval + peers[index].margin }

    /// Whether nobody at all has been heard since the peer at an index became overdue.
    ///
    /// If everybody falls silent, one broken link at our side explains it better than so many crashes at once. But
    /// the silence of a peer whose next heartbeat is not due yet says nothing. So either all others must be overdue
    /// too, or one that was asked along with it must have left a ping unanswered. A host that refuses our
    /// datagrams is within reach, so then it is not us.
    func isEveryoneSilent(besides index: Int, at now: Instant) -> Bool {
        let peer = peers[index]
        guard peer.portUnreachable == nil, !peer.isUnaddressed, !isSpeaking(peer, at: now) else {
            return false
        }
        let (overdue, judgementTime) = (overdueSince(peer), judgementTime(at: now))
        var others = 0
        var areAllOverdue = true
        var isWitnessSilent = false
        let last = peer.lastHeard ?? started
        for other in peers.indices
        where other != index && !peers[other].isUnaddressed && !wasGone(other, at: last) {
            if peers[other].portUnreachable != nil || isHeard(other, after: overdue) { return false }
            // What is not believed arrives all the same.
            if isSpeaking(peers[other], at: now) { return false }
            others += 1
            areAllOverdue = areAllOverdue && peers[other].deadline <= judgementTime
            isWitnessSilent =
                isWitnessSilent || peers[other].probes.isUnanswered(since: overdue, at: judgementTime)
        }
        return others > 0 && (areAllOverdue || isWitnessSilent)
    }

    /// Who is best asked whether our own link works, while the peer at `index` is silent.
    ///
    /// It is the trusted peer that was heard last; nobody, when one was heard since the silence began, or when no
    /// other peer may be pinged.
    func witness(besides index: Int) -> Int? {
        guard peers[index].portUnreachable == nil, isolatedSince == nil else { return nil }
        let overdue = overdueSince(peers[index])
        var best: (place: Int, heard: Instant)?
        for other in peers.indices where other != index && peers[other].state == .trusted {
            if isHeard(other, after: overdue) { return nil }
            guard peers[other].settings.mode != .heartbeat else { continue }
            let heard = lastHeard(other)
            if let best, heard <= best.heard { continue }
            best = (other, heard)
        }
        return best?.place
    }

    func overdueSince(_ peer: Peer) -> Instant {
        (peer.lastHeard ?? started) + peer.interval + peer.margin
    }

    /// Whether the peer at an index was heard after an instant.
    func isHeard(_ index: Int, after instant: Instant) -> Bool {
        guard let heard = peers[index].lastHeard else { return false }
        return heard > instant
    }

    /// When the peer at an index was last heard; the start, if never.
    private func lastHeard(_ index: Int) -> Instant {
        guard let heard = peers[index].lastHeard else { return started }
        return heard
    }

    /// Whether the peer at an index had left or was suspected already at an instant: its silence is of its own.
    func wasGone(_ index: Int, at instant: Instant) -> Bool {
        let state = peers[index].state
        return state == .left || (state == .suspected && peers[index].stateSince <= instant)
    }
}

/// What is told, and what it rests on.
extension Monitor {
    /// Tells of something about one peer; that is an event of ours.
    mutating func note(
        _ kind: Notice.Kind, of index: Int, at now: Instant, verdict: Verdict? = nil,
        duration: TimeSpan? = nil, evidence: Evidence? = nil, withEvidence: Bool = false,
        into effects: inout Effects
    ) {
        tick(kind.logged, about: index, at: now, verdict: verdict, into: &effects)
        var notice = Notice(kind: kind, dot: clock.dot, at: now)
        notice.peer = peers[index].id
        notice.epoch = peers[index].epoch
        notice.verdict = verdict
        notice.duration = duration
        if kind == .flapping { notice.restarts = restartSeries(of: index, at: now) }
        if kind == .target { notice.target = peers[index].tuner?.report }
        notice.evidence = withEvidence ? self.evidence(of: index) : evidence
        effects.append(.notice(notice))
    }

    private func restartSeries(of index: Int, at now: Instant) -> RestartSeries? {
        let flaps = peers[index].flaps
        guard flaps.restarts > 1 else { return nil }
        return RestartSeries(count: flaps.restarts, duration: now - flaps.restartsBegan)
    }

    /// What is known of the silence, or the incarnation, of the peer at an index.
    public func evidence(of index: Int) -> Evidence {
        let peer = peers[index]
        return Evidence(
            detector: peer.settings.detector, interval: peer.interval, deadline: peer.deadline,
            returnDue: peer.returnDue, lastHeard: peer.lastHeard, lastSequence: peer.receiver.highest,
            probes: peer.probes.since(peer.lastHeard ?? started), portUnreachable: peer.portUnreachable,
            latestPortReport: peer.portReports.latest,
            obstacle: peer.obstacle, unproved: peer.unproved,
            news: indirectNews[index], reports: peer.watch.reports, provedAlive: peer.watch.provedAlive,
            provedHearing: peer.watch.provedHearing, reason: silenceReason(of: index),
            recovery: peer.recoveryProgress,
            acknowledged: peer.sender.acknowledged, sent: peer.sender.next - 1,
            ownLag: health.recentLag, lagScore: health.lagScore, kernelDrops: health.kernelDrops,
            agreement: agreement(on: index))
    }
}

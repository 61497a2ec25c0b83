internal import CausalClock

/// Which peers are suspected, and why: the verdict after all retries.
extension Monitor {
    mutating func suspect(_ index: Int, at now: Instant, into effects: inout Effects) {
        if isolatedSince == nil {
            declareIsolation(for: index, at: now, into: &effects)
        } else {
            extendIsolation(to: index, at: now)
        }
        // The evidence is taken before the round of pings ends.
        let evidence = evidence(of: index)
        let judgement = judge(index, at: now)
        beginSuspicion(of: index, judgement, at: now)
        // Isolation is one finding, not one for every peer; it is reported once, and logged for each.
        let isOurFault = isInSilentCohort(index)
        if !isOurFault {
            emit(judgement, evidence, of: index, at: now, into: &effects)
        } else {
            tick(.suspect, about: index, at: now, verdict: judgement.verdict, into: &effects)
            effects.append(.blamedOnUs(peer: index))
        }
        recordSuspicion(of: index, verdict: judgement.verdict, at: now)
        let event = OwnSuspicion(
            counter: clock.counter, isAfterAnother: isSuspectedByOthers(index),
            epoch: latestIncarnation(of: index))
        peers[index].suspicion?.event = event
        guard !isOurFault else { return }
        if peers[index].flaps.suspected(at: now) { note(.flapping, of: index, at: now, into: &effects) }
    }

    /// The state of a suspected peer, with what put the verdict off and what may still change it.
    private mutating func beginSuspicion(of index: Int, _ judgement: RankedVerdict, at now: Instant) {
        let (obstacle, period) = peers.ask(index) { ($0.obstacle, $0.reviewPeriod) }
        var suspicion = Suspicion(judgement.verdict, review: now + period)
        suspicion.hasVote = judgement.hasVote
        suspicion.postponements = postponements(of: index)
        suspicion.missingRound = obstacle.map { MissingRound($0, of: peers[index].settings) }
        peers[index].becomeSuspected(suspicion, at: now)
        peers[index].deadline = min(peers[index].deadline, judgementTime(at: now))
        opinionBook.isOutdated = true
    }

    private mutating func emit(
        _ judgement: RankedVerdict, _ evidence: Evidence, of index: Int, at now: Instant,
        into effects: inout Effects
    ) {
        var evidence = evidence
        if judgement.hasVote { evidence.agreement.includeOwn() }
        note(.suspect, of: index, at: now, verdict: judgement.verdict, evidence: evidence, into: &effects)
    }

    /// Re-evaluates why a suspected peer is silent, and says when the answer has changed.
    mutating func reviewSuspicion(of index: Int, at now: Instant, into effects: inout Effects) {
        peers[index].scheduleReview(after: now)
        if let end = peers[index].suspicion?.heldUntil, end <= now { endHold(of: index) }
        // What is blamed on this host is judged as one.
        guard !isInSilentCohort(index) else { return reevaluateIsolation(at: now, into: &effects) }
        // After an isolation this node sends it no round of pings, so what is read late is waited for as long as after a last ping.
        let late = peers[index].verdict?.cause == .isolated ? health.reading.bound : .zero
        extendSuspicion(of: index, at: now)
        let recovery = peers.ask(index) { $0.recovery(at: judgementTime(at: now)) }
        guard recovery != .heard else { return reviewReturned(index, at: now, into: &effects) }
        missPings(ofRelapse: index)
        guard peers[index].deadline + late <= judgementTime(at: now) else { return }
        makeUpForMissingRound(of: index, at: now, into: &effects)
        guard adopt(judge(index, at: now), isRelapse: recovery == .relapsed, of: index) else { return }
        emitChange(of: index, at: now, into: &effects)
    }

    /// Emits the verdict on a suspected peer, if it is another than was emitted.
    private mutating func emitChange(of index: Int, at now: Instant, into effects: inout Effects) {
        guard let verdict = peers[index].verdict, verdict != peers[index].suspicion?.emitted else { return }
        // The others may not share it: a confirmation that is remembered was of another cause.
        endHold(of: index)
        guard var suspicion = peers[index].suspicion else { return }
        suspicion.emitted = verdict
        // One notice says both, if this ends the agreement of a quorum as well; if it does not, the quorum holds for the new cause.
        suspicion.isConfirmed = suspicion.isConfirmed && isShared(index)
        peers[index].suspicion = suspicion
        note(
            suspicion.isConfirmed ? .confirm : .suspect, of: index, at: now, verdict: verdict,
            withEvidence: true, into: &effects)
    }

    /// Takes the vote from a suspicion without pings when something cannot be sent: that may be the first that is known of the
    /// obstacle, in the turn of the verdict itself.
    mutating func weighUnsent(_ index: Int, at now: Instant) {
        guard peers.indices.contains(index), peers[index].settings.mode == .heartbeat,
            peers[index].suspicion?.hasVote == true,
            // What is blamed on this host is judged as one.
            !isInSilentCohort(index)
        else { return }
        adopt(judge(index, at: now), of: index)
    }

    /// A suspected peer that is heard in time has yet to show that it stays (`Recovery`).
    ///
    /// The cause that was emitted no longer holds, and the suspicion may last (`FlapDamping`). So the second message in a row
    /// emits `unknown`; after one the peer may be silent again.
    private mutating func reviewReturned(_ index: Int, at now: Instant, into effects: inout Effects) {
        adopt(judge(index, at: now), of: index)
        if peers[index].flaps.heard > 1 { emitChange(of: index, at: now, into: &effects) }
        let late = now - judgementTime(at: now)
        var next = peers[index].deadline + late
        if next <= now {
            // It is overdue again: before a cause is named it is asked, and others are asked about it; each in its time, for
            // every testimony leads here.
            let spacing = peers.ask(index) { $0.pingRound.spacing }
            next = peers[index].probes.latest.map { $0 + spacing } ?? now
            if next <= now {
                sendPing(to: index, use: .freshness, at: now, into: &effects)
                sendIndirectProbes(about: index, at: now, into: &effects)
                next = now + spacing
            }
            next = min(next, peers.ask(index) { $0.relapse + late })
        }
        peers[index].hasten(reviewTo: next)
    }

    /// A confirmation that an earlier process had is worth what others say by now.
    private mutating func endHold(of index: Int) {
        peers[index].suspicion?.heldUntil = nil
        opinionBook.isOutdated = true
    }

    /// Extends the suspicion to a later incarnation that is as silent as the one before.
    private mutating func extendSuspicion(of index: Int, at now: Instant) {
        let latest = latestIncarnation(of: index)
        let patience = peers.ask(index) { $0.reviewPeriod + $0.verification }
        if peers[index].suspicion?.event?.extend(to: latest, after: patience, at: now) == true {
            opinionBook.isOutdated = true
        }
    }

    /// A peer that was heard again and is silent once more is asked anew; where no ping has left since, those of the silence
    /// before are no evidence about this one.
    private mutating func missPings(ofRelapse index: Int) {
        let missing = peers.ask(index) { peer -> MissingRound? in
            guard peer.hasReturned, peer.settings.mode != .heartbeat, peer.suspicion?.missingRound == nil,
                let obstacle = peer.sending.obstacle, peer.probes.since(peer.deadline).isEmpty
            else { return nil }
            return MissingRound(obstacle, of: peer.settings)
        }
        guard let missing else { return }
        peers[index].suspicion?.missingRound = missing
    }

    /// Sends the pings that a suspicion lacks, one with each review, once datagrams leave again.
    ///
    /// Until they are unanswered as well, the suspicion has no cause but that nothing could be sent.
    private mutating func makeUpForMissingRound(of index: Int, at now: Instant, into effects: inout Effects) {
        guard peers[index].settings.mode != .heartbeat, var round = peers[index].suspicion?.missingRound
        else { return }
        if let obstacle = peers[index].sending.obstacle {
            round.obstacle = obstacle
        } else {
            round.pings -= 1
            sendPing(to: index, use: .freshness, at: now, into: &effects)
        }
        peers[index].suspicion?.missingRound = round.pings > 0 ? round : nil
    }
}

/// What is reported, and what it rests on.

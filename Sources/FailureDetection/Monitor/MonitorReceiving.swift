internal import CausalClock

/// What a message changes. The order of the checks is part of the protocol: which peer, which incarnation, seen
/// before, asked for. All of them come before the first change, so what a refused message
/// says changes nothing; that it arrived may (`Refusal`).
extension Monitor {
    mutating func receive(_ reception: InboundMessage, at now: Instant, into effects: inout Effects) {
        guard let index = index(of: reception.dot.host) else { return effects.append(.refused(.unknownPeer)) }
        if let refusal = refusal(of: reception, from: index) {
            checkRefused(reception, as: refusal, of: index, at: now, into: &effects)
            if refusal == .futureEpoch { answerIncredible(reception, from: index, at: now, into: &effects) }
            if refusal == .unsolicited { takeUnsolicited(reception, of: index, at: now) }
            if refusal == .outdated, peers[index].incarnation.outdatedContinue(with: reception.sequence) {
                askWhetherRunning(index, at: now, into: &effects)
            }
            return effects.append(.refused(refusal))
        }
        noteAcceptance(by: reception, at: now)
        if requiresFreshness { peers[index].weighTimetable(reception) }
        if lacksFreshness(reception, of: index) {
            noteLaterIncarnation(in: reception, from: index, at: now, into: &effects)
            return challenge(reception, from: index, at: now, into: &effects)
        }
        take(reception, from: index, at: now, into: &effects)
        schedule(index)
    }

    /// Answers a sealed ping of a peer whose epoch is not credible: this host's clock may be the wrong one.
    ///
    /// The peer accepts this incarnation only after such an answer. Without it no peer would accept it, and this host would give
    /// up an epoch that is right (`isIncarnationPremature`). Each ping is answered once, however often it is replayed.
    private mutating func answerIncredible(
        _ reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        noteAcceptance(by: reception, at: now)
        guard requiresFreshness, case .ping(let nonce) = reception.body,
            peers[index].incarnation.isNewIncredible(reception)
        else { return }
        answer(nonce, of: reception, from: index, at: now, into: &effects)
    }

    private mutating func takeUnsolicited(_ reception: InboundMessage, of index: Int, at now: Instant) {
        noteUnsolicited(reception, of: index, at: now)
        peers[index].weighLate(at: now)
        schedule(index)
    }

    /// Takes a message that is believed.
    private mutating func take(
        _ reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        let earlier = peers[index].epoch
        if reception.dot.epoch != earlier { beginIncarnation(reception.dot.epoch, of: index) }
        noteArrival(reception.arrived, at: now)
        peers[index].lastWords.heard(at: reception.arrived)
        let conflict = conflict(in: reception, of: index)
        let order = countReceived(reception, from: index, at: now)
        mergeClock(reception, from: index, at: now, into: &effects)
        reportConflict(conflict, of: index, at: now, into: &effects)
        askReturned(at: now, into: &effects)
        settleSuspicions(of: index, by: reception)
        peers[index].incarnation.note(reception)
        rememberReport(reception, by: index)
        if earlier != nil, earlier != reception.dot.epoch { noteRestart(of: index, at: now, into: &effects) }
        noteAcknowledgement(reception, of: index, at: now, into: &effects)
        if order == .fresh { takeTestimonies(reception, from: index, at: now, into: &effects) }
        let proof = takeBody(reception, of: index, isFresh: order == .fresh, at: now, into: &effects)
        if proof { noteLife(of: index, at: now, into: &effects) }
    }

    /// Counts a message of the peer, and what was lost before it where that describes the path.
    private mutating func countReceived(
        _ reception: InboundMessage, from index: Int, at now: Instant
    ) -> LinkReceiver.Order {
        let (isCounted, interval) = peers.ask(index) {
            ($0.describesPath(at: reception.arrived), $0.heartbeatInterval)
        }
        if peers.ask(index, { $0.wasAway(before: reception) }) { peers[index].sender.peerWasAway() }
        // It is believed, so the highest number is none of the peer's.
        if peers[index].receiver.order(of: reception.sequence) == .outdated {
            peers[index].receiver.setBack(before: reception.sequence)
        }
        return peers[index].receiver.receive(
            reception.sequence, at: reception.arrived, sent: reception.sent, isCounted: isCounted,
            interval: interval)
    }

    /// Why a message of the peer at an index is not believed; `nil` when it is.
    private func refusal(of reception: InboundMessage, from index: Int) -> Refusal? {
        let epoch = reception.dot.epoch
        if epoch == peers[index].epoch {
            switch peers[index].receiver.order(of: reception.sequence) {
            case .duplicate: return .duplicate
            case .outdated:
                guard refutesHighest(reception, of: index) else { return .outdated }
            case .fresh, .reordered: break
            }
        } else if epoch > latestCredibleEpoch {
            return .futureEpoch
        } else if let known = peers[index].epoch, epoch < known {
            return .oldEpoch
        }
        guard case .pong(let nonce, let waited) = reception.body else { return nil }
        guard let probe = peers[index].probes.awaited(nonce: nonce) else { return .unsolicited }
        // One that was held back for too long proves no incarnation; a new one would begin that no process has
        // shown to last.
        let isLate = reception.arrived - probe.sent - waited > peers.ask(index) { $0.longestPong }
        return isLate && epoch != peers[index].epoch ? .unsolicited : nil
    }

    /// Whether a message shows that the highest number of the peer's incarnation was never its own.
    ///
    /// A pong to an outstanding ping was sent after it, and numbers rise with what is sent. So it has a higher one than all
    /// that arrived before the ping was sent, unless another used the peer's name. No recording and no delay looks like that.
    private func refutesHighest(_ reception: InboundMessage, of index: Int) -> Bool {
        guard case .pong(let nonce, _) = reception.body,
            let probe = peers[index].probes.awaited(nonce: nonce)
        else { return false }
        return peers[index].receiver.highestArrival < probe.sent
    }

    /// A peer that was known has a later incarnation: it has forgotten us.
    ///
    /// That proves a crash, unless the earlier one said goodbye, also where its return is overdue by now. A goodbye while the
    /// peer was not configured here was refused; so of one that was not heard since it is watched again nothing is proved.
    private mutating func noteRestart(of index: Int, at now: Instant, into effects: inout Effects) {
        let hasLeft =
            peers[index].state == .left || peers[index].returnDue != nil || peers[index].returnSign != nil
        let isCrash = !hasLeft && peers[index].lastHeard != nil
        let verdict = isCrash ? Verdict(.crash, .proved) : nil
        note(.restart, of: index, at: now, verdict: verdict, into: &effects)
        // What was planned is not counted, and takes back nothing that was.
        if isCrash {
            peers[index].history.crashes += 1
            if peers[index].flaps.restarted(at: now) { note(.flapping, of: index, at: now, into: &effects) }
        }
        // Let it hear from us immediately. A peer that becomes trusted is notified in any case.
        if peers[index].state == .trusted, peers[index].settings.mode != .ping {
            send(.heartbeat, to: index, at: now, into: &effects)
        }
    }

    /// Receiving is an event of ours: it ticks, and takes over what the sender knew.
    ///
    /// A higher entry of a third host is news that came through the sender. It is kept as evidence and is never a
    /// sign of life: after a crash such entries may rise while indirect news spreads. An entry of an incarnation that
    /// lies too far ahead is passed over, whichever host reports it: a maximum never forgets a lie.
    private mutating func mergeClock(
        _ reception: InboundMessage, from index: Int, at now: Instant, into effects: inout Effects
    ) {
        // Where all peers are known to the clock they have the same positions there.
        if clock.merge(reception.dot, near: index, hasGaps: reception.hasGaps) {
            effects.ticks?.rise(reception.dot)
        }
        let witness = reception.dot.host
        let reach = peers[index].incarnation.coverage.reach(
            of: reception.clockForm, counter: reception.dot.counter)
        // A message lists hosts in the order of their names, mostly of all.
        var next = 0
        // The clock is moved out while it is merged, so that the closure may write to the peers without a copy.
        var merging = VectorClock(owner: clock.owner, epoch: clock.epoch)
        swap(&merging, &clock)
        let result = merging.merge(
            reception.clock, upTo: latestCredibleEpoch,
            isComplete: reach == reception.dot.counter, lowerBounds: reception.lowerBounds,
            admits: { self.index(of: $0) != nil },
            rising: { entry in
                noteIndirectNews(
                    IndirectNews(witness: witness, arrived: reception.arrived, dot: entry), near: &next)
                effects.ticks?.rise(entry)
            })
        swap(&merging, &clock)
        noteCoverage(of: index, counter: reception.dot.counter, reach: reach, result: result)
        tick(
            .receive, about: index, at: now, label: reception.body.label, from: reception.dot.counter,
            into: &effects)
        if let claim = result.ownClaim { noteClaim(claim, by: index, at: now, into: &effects) }
    }

    /// Begins to watch an incarnation of a peer: the first one, or a later one.
    private mutating func beginIncarnation(_ epoch: Epoch, of index: Int) {
        endCoverage(of: index)
        questions.forget(index)
        if let place = clock.index(of: names[index], near: index), clock.isLowerBound[place] { noteLoss() }
        if peers[index].epoch != nil { indirectNews[index] = nil }
        peers[index].beginIncarnation(epoch)
        peers[index].incarnation.began = clock.counter + 1
        // Until the answer by which it begins has turned out to come in time.
        peers[index].incarnation.needsFreshnessProof = true
        forgetOpinions(of: index)
        opinionBook.isOutdated = true
    }

    /// - Parameters:
    ///   - news: news of a peer.
    ///   - guess: where the peer is searched for first; set to the position after it.
    private mutating func noteIndirectNews(_ news: IndirectNews, near guess: inout Int) {
        let host = news.dot.host
        let near = names.indices.clamped(to: guess..<guess + 3).first { names[$0] == host }
        guard host != news.witness, let index = near ?? index(of: host) else { return }
        guess = index + 1
        if indirectNews[index]?.dot.epoch != news.dot.epoch { opinionBook.isOutdated = true }
        indirectNews[index] = news
        if peers[index].state == .left, let known = peers[index].epoch, news.dot.epoch > known {
            returned.append(index)
        }
    }

    private mutating func noteAcknowledgement(
        _ reception: InboundMessage, of index: Int, at now: Instant, into effects: inout Effects
    ) {
        guard reception.acknowledgedEpoch == clock.epoch else {
            return peers[index].noteDelay(of: reception.sign, roundTrip: nil)
        }
        // What we never sent was sent in our name, and our own numbers are refused by now. New ones need a
        // new incarnation.
        if reception.acknowledgement.highest >= peers[index].sender.next {
            noteClaim(clock.dot, by: index, at: now, into: &effects)
        }
        // Before it is counted what was lost in it: an outage that was reported says nothing of the path.
        if peers[index].verdict != nil { peers[index].sender.endOutage() }
        let sample = peers[index].sender.receive(reception.acknowledgement, at: reception.arrived)
        peers[index].probes.learn(reception.acknowledgement)
        if let sample { peers[index].record(roundTrip: sample, endedAt: reception.arrived) }
        peers[index].noteDelay(of: reception.sign, roundTrip: sample)
    }

    /// Acts on what the message is for.
    ///
    /// - Returns: whether it is a sign that the peer is running now. A message that was overtaken is not.
    private mutating func takeBody(
        _ reception: InboundMessage, of index: Int, isFresh: Bool, at now: Instant,
        into effects: inout Effects
    ) -> Bool {
        if isFresh, reception.body != .leave {
            peers[index].adopt(interval: reception.interval, at: now)
            notePatience(with: index, at: now)
        }
        switch reception.body {
        case .heartbeat: return isFresh && takeHeartbeat(reception, of: index, at: now, into: &effects)
        case .ping(let nonce):
            answer(nonce, of: reception, from: index, at: now, into: &effects)
            if isFresh { peers[index].heard(message: reception.sign) }
            return isFresh
        case .records:
            if isFresh { peers[index].heard(message: reception.sign) }
            return isFresh
        case .pong(let nonce, let waited):
            guard takePong(nonce, waited: waited, of: index, arrived: reception.arrived) else {
                noteLatePong(of: index, isFresh: isFresh, arrived: reception.arrived, at: now)
                peers[index].weighLate(at: now)
                return false
            }
            peers[index].incarnation.needsFreshnessProof = false
            // It counts even if it was overtaken, because its ping bounds its age; but a leave is never taken back.
            return isFresh || peers[index].state != .left
        case .leave:
            if isFresh { noteLeave(of: index, next: reception.interval, at: now, into: &effects) }
            return false
        }
    }

    /// - Returns: whether the heartbeat is a sign of life: it may have shown that the peer's clock has jumped, and then the
    ///   peer is asked first.
    private mutating func takeHeartbeat(
        _ reception: InboundMessage, of index: Int, at now: Instant, into effects: inout Effects
    ) -> Bool {
        peers[index].heard(heartbeat: reception.sign)
        if peers[index].isRecorded {
            let interval = peers.ask(index) { $0.heartbeatInterval }
            effects.append(.heartbeat(Arrival(reception, from: index, interval: interval)))
        }
        guard lacksFreshness(reception, of: index) else { return true }
        challenge(reception, from: index, at: now, into: &effects)
        return false
    }

    /// A pong counts once, for an outstanding ping, and only if it was not under way for longer than is ever waited
    /// for one: otherwise an attacker who delays pongs could make a dead peer look alive.
    ///
    /// - Returns: whether it counts.
    private mutating func takePong(
        _ nonce: UInt64, waited: TimeSpan, of index: Int, arrived: Instant
    ) -> Bool {
        guard let probe = peers[index].probes.answered(nonce: nonce, at: arrived) else { return false }
        let roundTrip = max(arrived - probe.sent - waited, .zero)
        guard roundTrip <= peers.ask(index, { $0.longestPong }) else { return false }
        peers[index].record(roundTrip: roundTrip, endedAt: arrived)
        peers[index].heard(pongAt: arrived)
        return true
    }

    /// - Parameters:
    ///   - index: the peer's position.
    ///   - next: when it will send again, by its own account. Longer than between its heartbeats, it is a promise to be
    ///     back by then: a host that goes for good announces what it always does.
    ///   - now: the present instant.
    ///   - effects: takes what is to be reported.
    private mutating func noteLeave(
        of index: Int, next: TimeSpan, at now: Instant, into effects: inout Effects
    ) {
        guard peers[index].state != .left else { return }
        let returns = next >= Peer.shortestReturn && next > peers.ask(index) { $0.heartbeatInterval }
        peers[index].returnSign = nil
        peers[index].returnDue = returns ? now + min(next, Self.longestReturn) : nil
        endIsolation(bySignOfLifeFrom: index, at: now, into: &effects)
        if peers[index].state == .suspected { endSuspicion(of: index, at: now) }
        opinionBook.isOutdated = true
        peers[index].become(.left, at: now)
        peers[index].incarnation.needsFreshnessProof = true
        note(.leave, of: index, at: now, duration: returns ? next : nil, into: &effects)
    }

    /// The longest absence that a goodbye can announce.
    private static let longestReturn = TimeSpan.seconds(3_600)
}

/// What a sign of life changes.
extension Monitor {
    private mutating func noteLife(of index: Int, at now: Instant, into effects: inout Effects) {
        endIsolation(bySignOfLifeFrom: index, at: now, into: &effects)
        switch peers[index].state {
        case .unknown, .left:
            becomeTrusted(index, at: now, into: &effects)
        case .suspected:
            // A message from before its deadline's end is news; an older one ends no suspicion.
            guard peers[index].deadline > judgementTime(at: now) else {
                return peers[index].weighLate(at: now)
            }
            guard peers[index].mayRecover(at: now) else {
                // Judged at the end of this turn, for more of it may have arrived.
                peers[index].suspicion?.review = now
                return
            }
            becomeTrusted(index, at: now, into: &effects)
        case .pending:
            guard peers[index].deadline > judgementTime(at: now) else { return }
            guard !peers[index].wasUnknown else { return becomeTrusted(index, at: now, into: &effects) }
            peers[index].becomeTrustedAgain(at: now)
        case .trusted: noteAsymmetry(of: index, at: now, into: &effects)
        }
    }

    private mutating func becomeTrusted(_ index: Int, at now: Instant, into effects: inout Effects) {
        let silence = peers[index].state == .suspected ? now - peers[index].stateSince : nil
        // That every host fell silent says nothing about this one.
        if silence != nil, peers[index].verdict?.cause != .isolated { peers[index].flaps.recovered(at: now) }
        if silence != nil { endSuspicion(of: index, at: now) }
        // Nothing says that it was running when it was sent what it has not acknowledged.
        peers[index].endSilence(at: now)
        opinionBook.isOutdated = true
        peers[index].become(.trusted(isUnheard: false), at: now)
        // It has just come (back): let it hear from us immediately, not at our next heartbeat.
        if peers[index].settings.mode != .ping {
            send(.heartbeat, to: index, at: now, into: &effects)
        }
        note(.trust, of: index, at: now, duration: silence, withEvidence: silence != nil, into: &effects)
    }

    /// We hear it; does it hear us? Reported when that changes, once.
    private mutating func noteAsymmetry(of index: Int, at now: Instant, into effects: inout Effects) {
        guard case .trusted(let wasUnheard) = peers[index].standing else { return }
        // Only a new acknowledgement shows that it hears us again; that fewer are missing does not.
        let isUnheard = peers.ask(index) {
            wasUnheard ? !$0.sender.delivery.isAnswered : $0.isUnheard(at: now)
        }
        guard isUnheard != wasUnheard else { return }
        peers[index].standing = .trusted(isUnheard: isUnheard)
        if isUnheard { peers[index].sender.awaitAnswer() } else { peers[index].sender.endOutage() }
        note(
            isUnheard ? .asymmetric : .trust, of: index, at: now, verdict: peers[index].verdict,
            withEvidence: true, into: &effects)
    }
}

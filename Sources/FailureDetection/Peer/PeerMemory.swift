internal import CausalClock

/// What outlives the process.
extension Peer {
    /// A goodbye that announces a shorter time than this says nothing of a return.
    static let shortestReturn = TimeSpan.seconds(60)

    /// What is known of the peer, to be kept.
    var snapshot: PeerSnapshot {
        var memory = PeerSnapshot(id: id, since: stateSince, deadline: deadline)
        memory.epoch = epoch
        memory.state = isBackUnattested ? .left : state
        if memory.state == .left { memory.deadline = returnDue ?? stateSince }
        memory.verdict = verdict
        memory.suspicionEvent = suspicion?.event?.counter ?? 0
        memory.isAfterAnother = suspicion?.event?.isAfterAnother ?? false
        memory.hasVote = suspicion?.hasVote ?? true
        memory.isConfirmed = suspicion?.isConfirmed ?? false
        history.write(to: &memory)
        memory.lastHeard = lastHeard
        memory.interval = announcedInterval
        (memory.roundTrip, memory.variation) = (roundTrip.smoothed, roundTrip.variation)
        (memory.detector, memory.samples) = (settings.detector.name, detector.samples)
        memory.received = receiver.received
        if memory.state == .suspected { memory.silence = watch.snapshot }
        (memory.nextSequence, memory.lossOut) = (sender.next, sender.loss.counts)
        return memory
    }

    /// Continues with what was known, after a time in which no process watched.
    mutating func resume(_ memory: PeerSnapshot, after away: TimeSpan, at now: Instant) {
        epoch = memory.epoch
        stateSince = memory.since
        history.resume(memory)
        (lastHeard, deadline) = (memory.lastHeard, memory.deadline)
        standing = resumedStanding(memory, at: now)
        if state == .left, deadline - stateSince >= Self.shortestReturn { returnDue = deadline }
        if let lastHeard { silence = Silence(at: lastHeard, grace: .zero) }
        if let interval = memory.interval { adopt(interval: interval, at: now) }
        roundTrip.resume(memory.roundTrip, variation: memory.variation)
        if memory.detector == settings.detector.name { detector.resume(memory.samples) }
        receiver.resume(memory.received)
        incarnation.timetable = Timetable(ofHeard: memory, after: away)
        sender.resume(next: memory.nextSequence, loss: memory.lossOut)
        endSilence(at: now)
        if state == .suspected {
            deadline = min(deadline, now)
            if let silence = memory.silence { watch.resume(silence) }
            // Without a vote the pings that it lacks are sent first, unless the peer was heard since.
            let round = MissingRound(.noAddress, of: settings)
            if !memory.hasVote, !hasReturned { suspicion?.missingRound = round }
        }
        forgive(away, at: now)
        // A stall of this process is one of its own.
        forgiveness = StallAllowance()
        silence.beginForgiveness()
    }

    /// The state that continues, with the interval and the settings that are known by now.
    ///
    /// The pings of a pending peer are forgotten: the wait begins anew, with the time away forgiven.
    private func resumedStanding(_ memory: PeerSnapshot, at now: Instant) -> PeerStanding {
        switch memory.state {
        case .unknown: return .unknown
        case .trusted, .pending: return .trusted(isUnheard: memory.verdict?.cause == .outbound)
        case .left: return .left
        case .suspected:
            var suspicion = Suspicion(
                memory.verdict ?? Verdict(.unknown, .suspected), review: now + interval + margin)
            suspicion.hasVote = memory.hasVote
            suspicion.isConfirmed = memory.isConfirmed
            // Until the others have said anew which hosts they suspect.
            if memory.isConfirmed { suspicion.heldUntil = now + reviewPeriod * 4 + .seconds(2) }
            guard memory.suspicionEvent > 0 else { return .suspected(suspicion) }
            suspicion.event = OwnSuspicion(
                counter: memory.suspicionEvent, isAfterAnother: memory.isAfterAnother,
                epoch: memory.epoch ?? Epoch(0))
            return .suspected(suspicion)
        }
    }
}

/// What outlives a time in which the peer is not configured.
extension Peer {
    /// Since when it is away as planned, or missed without proof of its return, and until when; `nil` if it has not left, or is back.
    var absence: (since: Instant, due: Instant?)? {
        state == .left || isBackUnattested ? (stateSince, returnDue) : nil
    }

    /// Continues an absence that had begun before it was removed from the configuration.
    ///
    /// One whose time is over, or nearly, has the usual grace: it may be back, and could not be heard.
    mutating func resumeAbsence(since: Instant, until due: Instant?, at now: Instant) {
        standing = .left
        (stateSince, returnDue) = (since, due.map { max($0, now + settings.startupGrace) })
    }
}

extension PeerHistory {
    fileprivate func write(to memory: inout PeerSnapshot) {
        memory.suspicions = suspicions
        (memory.mistakes, memory.confirmed) = (audit.mistakes, audit.confirmed)
        memory.linkFaults = audit.linkFaults
        (memory.mistakeDuration, memory.trustedTime) = (audit.mistakeDuration, trustedTime)
    }

    fileprivate mutating func resume(_ memory: PeerSnapshot) {
        suspicions = memory.suspicions
        (audit.mistakes, audit.confirmed) = (memory.mistakes, memory.confirmed)
        audit.linkFaults = memory.linkFaults
        (audit.mistakeDuration, trustedTime) = (memory.mistakeDuration, memory.trustedTime)
    }
}

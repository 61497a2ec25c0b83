internal import CausalClock

/// What outlives the process.
extension Peer {
    /// A goodbye that announces a shorter time than this says nothing of a return.
    static let shortestReturn = TimeSpan.seconds(60)

    /// What is known of the peer, to be kept.
    var snapshot: PeerSnapshot {
        var memory = PeerSnapshot(id: id, since: stateSince, deadline: deadline)
        memory.epoch = epoch
        memory.state = state
        if state == .left { memory.deadline = returnDue ?? stateSince }
        memory.verdict = verdict
        memory.suspicions = suspicions
        memory.suspicionEvent = suspicion?.counter ?? 0
        memory.isAfterAnother = suspicion?.isAfterAnother ?? false
        memory.hasVote = hasVote
        (memory.mistakes, memory.confirmed) = (audit.mistakes, audit.confirmed)
        (memory.mistakeDuration, memory.trustedTime) = (audit.mistakeDuration, trustedTime)
        memory.lastHeard = lastHeard
        memory.interval = announcedInterval
        (memory.roundTrip, memory.variation) = (roundTrip.smoothed, roundTrip.variation)
        (memory.detector, memory.samples) = (settings.detector.name, detector.samples)
        memory.received = receiver.received
        if state == .suspected { memory.silence = watch.snapshot }
        (memory.nextSequence, memory.lossOut) = (sender.next, sender.loss.counts)
        return memory
    }

    /// Goes on with what was known, after a time in which nobody watched.
    mutating func resume(_ memory: PeerSnapshot, after away: TimeSpan, at now: Instant) {
        epoch = memory.epoch
        // Its pings are forgotten: the wait begins anew, with the time away forgiven.
        state = memory.state == .pending ? .trusted : memory.state
        (stateSince, verdict, suspicions) = (memory.since, memory.verdict, memory.suspicions)
        (audit.mistakes, audit.confirmed) = (memory.mistakes, memory.confirmed)
        (audit.mistakeDuration, trustedTime) = (memory.mistakeDuration, memory.trustedTime)
        (lastHeard, deadline) = (memory.lastHeard, memory.deadline)
        if state == .left, deadline - stateSince >= Self.shortestReturn { returnDue = deadline }
        if let lastHeard { silence = Silence(at: lastHeard, grace: .zero) }
        if let interval = memory.interval { adopt(interval: interval, at: now) }
        roundTrip.resume(memory.roundTrip, variation: memory.variation)
        if memory.detector == settings.detector.name { detector.resume(memory.samples) }
        receiver.resume(memory.received)
        sender.resume(next: memory.nextSequence, loss: memory.lossOut)
        endSilence(at: now)
        if state == .suspected {
            emittedVerdict = verdict
            deadline = min(deadline, now)
            review = now + interval + margin
            if let silence = memory.silence { watch.resume(silence) }
            resumeVote(memory.hasVote)
            if memory.suspicionEvent > 0 {
                suspicion = OwnSuspicion(
                    counter: memory.suspicionEvent, isAfterAnother: memory.isAfterAnother,
                    epoch: memory.epoch ?? Epoch(0))
            }
        }
        forgive(away, at: now)
    }
}

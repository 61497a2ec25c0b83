internal import CausalClock

/// What the passing of time changes.
extension Monitor {
    /// Was the loop late? Then no peer is to blame for what was not seen in that time.
    mutating func beginTurn(at now: Instant, into effects: inout Effects) {
        let due = min(deadlines.soonest?.deadline ?? now, callersDeadline)
        let lateness = max(now - due, .zero)
        forgetLateness(at: now)
        guard health.woke(late: lateness, at: now) else { return }
        forgiveAll(lateness, at: now)
        guard lateness >= LocalHealth.noteworthyStall else { return }
        tick(.stall, at: now, into: &effects)
        effects.append(.notice(Notice(kind: .stall, dot: clock.dot, at: now, duration: lateness)))
    }

    /// Judges every deadline that has passed by `now`.
    mutating func wake(at now: Instant, into effects: inout Effects) {
        health.reading.drained(at: now)
        while let (index, deadline) = deadlines.soonest, deadline <= now {
            switch deadlines.reasons[index] {
            case .heartbeat: sendRegular(to: index, at: now, into: &effects)
            case .overdue: noteOverdue(index, at: now, into: &effects)
            case .ping: notePingTimeout(of: index, at: now, into: &effects)
            case .target: tune(index, at: now, into: &effects)
            case .review: reviewSuspicion(of: index, at: now, into: &effects)
            }
            schedule(index)
        }
    }

    private mutating func sendRegular(to index: Int, at now: Instant, into effects: inout Effects) {
        let interval = peers.ask(index) { $0.pace }
        // The schedule is absolute. After a pause the missed ones are skipped, not sent in a burst.
        let missed = max((now - peers[index].nextHeartbeat).nanoseconds, 0) / interval.nanoseconds
        let next = peers[index].nextHeartbeat + interval * (missed + 1)
        let jitter = peers[index].settings.jitter
        // After a pause the next position in the schedule may be near; the shortest step that jitter makes is kept.
        let soonest = min(now + interval - interval * Int64(jitter) / 100, next)
        peers[index].nextHeartbeat = max(next - advance(within: interval, jitter: jitter), soonest)
        guard peers[index].settings.mode == .ping else {
            return send(.heartbeat, to: index, at: now, into: &effects)
        }
        // A routine ping is the first attempt of the round that follows if it goes unanswered.
        guard peers[index].state != .pending else { return }
        peers[index].probes.end()
        ping(index, at: now, into: &effects)
    }

    /// How much earlier than announced the next heartbeat is sent: a random part of what the jitter allows.
    ///
    /// Hosts that were started by one event would otherwise send in step indefinitely (RFC 5880, section 6.8.7).
    private mutating func advance(within interval: TimeSpan, jitter: Int) -> TimeSpan {
        guard jitter > 0 else { return .zero }
        let most = interval * Int64(jitter) / 100
        return TimeSpan(nanoseconds: Int64(generator.next() % UInt64(most.nanoseconds + 1)))
    }

    private mutating func noteOverdue(_ index: Int, at now: Instant, into effects: inout Effects) {
        guard peers[index].state != .left || settleReturn(of: index, at: now) else { return }
        guard
            !peers[index].grantLagAllowance(
                by: health.lagScore, at: now, judgementTime: judgementTime(at: now))
        else {
            return
        }
        guard peers[index].settings.mode != .heartbeat else { return suspect(index, at: now, into: &effects) }
        peers[index].becomePending(at: now)
        note(.pending, of: index, at: now, into: &effects)
        ping(index, at: now, into: &effects)
    }

    private mutating func notePingTimeout(of index: Int, at now: Instant, into effects: inout Effects) {
        noteUnanswered(at: now)
        if let rest = allowance(by: .closedPort, to: index, at: now) {
            return putOff(index, by: rest, at: now, into: &effects)
        }
        guard peers.ask(index, { $0.isLastPingOut }) else { return ping(index, at: now, into: &effects) }
        for rule in VerdictRule.allCases {
            guard let allowance = allowance(by: rule, to: index, at: now) else { continue }
            return putOff(index, by: allowance, at: now, into: &effects)
        }
        suspect(index, at: now, into: &effects)
    }

    /// Puts the verdict on a pending peer off: pings continue although most have timed out, or an answer to them is waited for.
    private mutating func putOff(
        _ index: Int, by allowance: Allowance, at now: Instant, into effects: inout Effects
    ) {
        peers[index].note(allowance, at: now)
        switch allowance.rule {
        case .others: ping(index, at: now, into: &effects)
        case .unsent:
            peers[index].probes.retryUnsent()
            ping(index, at: now, into: &effects)
        case .heardByOthers:
            let (allowed, half) = peers.ask(index) { ($0.allowedAttempts, $0.halfRound) }
            peers[index].probes.prolong(by: half, of: allowed, at: now)
        case .closedPort, .losses, .lateAnswer, .nextHeartbeat, .ownLag, .lateReads:
            peers[index].probes.wait(until: allowance.until)
        }
    }

    /// Suits the settings of a peer to its target, and reports when that cannot be kept.
    private mutating func tune(_ index: Int, at now: Instant, into effects: inout Effects) {
        let interval = peers[index].settings.interval
        let outcome = peers[index].tune(at: now, maySearch: now >= nextSearch)
        if outcome.hasSearched { nextSearch = now + TargetTuner.spacing }
        if peers[index].settings.interval != interval { intervalRevision &+= 1 }
        guard outcome.hasNews else { return }
        note(.target, of: index, at: now, into: &effects)
    }

    /// Three peers that leave pings unanswered simultaneously say more of us than of them, unless their links
    /// lose.
    private mutating func noteUnanswered(at now: Instant) {
        guard health.lagScore.mayRise(at: now) else { return }
        let silent = peers.indices.count {
            peers[$0].state == .pending && peers[$0].portUnreachable == nil && !peers[$0].isRoundLossy
                && peers[$0].probes.isUnanswered(since: peers[$0].stateSince, at: now)
        }
        if silent >= LocalHealth.silentAtOnce { health.unanswered(at: now) }
    }

    /// Sends every peer a last heartbeat, from which its patience counts until we are back.
    mutating func pause(at now: Instant, into effects: inout Effects) {
        for index in peers.indices where peers[index].settings.mode != .ping {
            send(.heartbeat, to: index, at: now, into: &effects)
        }
    }

    /// Notifies every peer that this stop is planned, and, if it is for a while only, within what time we are back.
    ///
    /// Three copies each: there is no second chance, and under 10 % loss one in a thousand is lost instead of
    /// one in ten.
    mutating func leave(
        returningWithin absence: TimeSpan?, at now: Instant, into effects: inout Effects
    ) {
        tick(.stop, at: now, into: &effects)
        for _ in 0..<3 {
            round = nil
            for index in peers.indices {
                send(.leave, to: index, announcing: absence, at: now, into: &effects)
            }
        }
    }
}

/// When a verdict falls: when the pings are over and no rule grants the peer any more, so at the latest of what they grant.
extension Monitor {
    /// What a rule grants a pending peer, which would be suspected now without it; `nil` for nothing.
    func allowance(by rule: VerdictRule, to index: Int, at now: Instant) -> Allowance? {
        let until: Instant? =
            switch rule {
            case .closedPort: earlyRoundResumes(index, at: now)
            case .others: mustWaitForOthers(index, at: now) ? pingsEnd(1, of: index, at: now) : nil
            case .unsent:
                peers.ask(index) { $0.hasUnsentPings }
                    ? pingsEnd(peers[index].probes.unsent, of: index, at: now) : nil
            case .lateAnswer: peers.ask(index) { $0.lateAnswerDue(after: judgementTime(at: now)) }
            case .nextHeartbeat: peers.ask(index) { $0.nextHeartbeatDue(soonAfter: judgementTime(at: now)) }
            case .heardByOthers:
                isPostponedForOthers(index, at: now)
                    ? pingsEnd(peers.ask(index) { $0.halfRound }, of: index, at: now) : nil
            // What these grant is part of the round, of the deadline, and of the instant as of which silence is judged.
            case .losses, .ownLag, .lateReads: nil
            }
        return until.map { Allowance(rule: rule, until: $0) }
    }

    /// When the last of some more pings has been waited for, if they begin now.
    private func pingsEnd(_ pings: Int, of index: Int, at now: Instant) -> Instant {
        now + health.lagScore.widened(peers.ask(index) { $0.pingRound.length(of: pings) }, at: now)
    }

    /// By how much each rule has put the verdict off in the present silence of the peer at an index.
    func postponements(of index: Int) -> Postponements {
        peers.ask(index) { postponements(of: $0) }
    }

    private func postponements(of peer: Peer) -> Postponements {
        guard peer.suspicion == nil else { return peer.postponements }
        var postponements = peer.postponements
        let usual = peer.shortestRound(timeout: peer.pingTimeout)
        if peer.state == .pending {
            postponements[.losses] = max(peer.pingRound.length - usual.length, .zero)
        }
        postponements[.ownLag] = peer.lagAllowance ?? .zero
        postponements[.lateReads] = health.reading.bound
        return postponements
    }

    /// Until when a round that began before the peer was overdue rests; `nil` if it continues now.
    ///
    /// It rests before its last ping, so that the answers of witnesses are fresh when the verdict falls, and before the
    /// verdict.
    private func earlyRoundResumes(_ index: Int, at now: Instant) -> Instant? {
        guard peers[index].portUnreachable != nil, peers[index].deadline > judgementTime(at: now) else {
            return nil
        }
        let verdict = peers[index].deadline + health.reading.bound
        if peers.ask(index, { $0.isLastPingOut }) { return verdict }
        guard peers.ask(index, { $0.probes.attempts == $0.allowedAttempts - 1 }) else { return nil }
        let last = verdict - peers.ask(index) { $0.pingTimeout }
        return last > now ? last : nil
    }

    /// Whether a suspicion is put off for half a round of pings more: others hear the peer.
    ///
    /// That happens once in a silence, and where messages are lost now and then: where none are, pings are not lost in
    /// a row by chance, and a broken link is one immediately. Through others comes only what was; whether we can hear the
    /// peer now, only we know.
    private func isPostponedForOthers(_ index: Int, at now: Instant) -> Bool {
        guard peers.ask(index, { $0.postponements[.heardByOthers] }) == .zero,
            peers[index].portUnreachable == nil,
            peers[index].losesMessages
        else { return false }
        guard !isEveryoneSilent(besides: index, at: now) else { return false }
        let cause = verdict(of: index, at: now).cause
        return cause == .link || cause == .inbound
    }

    /// Whether a suspicion of the peer at an index may be put off like that, now or when one more message is lost.
    func mayPostpone(_ index: Int) -> Bool { peers.count > 1 && peers[index].mayLoseMessages }
}

extension Peer {
    /// Whether a heartbeat that is due is waited for; not where a target promises a detection time.
    var waitsForHeartbeats: Bool { settings.mode == .heartbeatAndPing && tuner == nil }

    /// When the next heartbeat is overdue as well, if that comes soon after the last ping has been waited for.
    ///
    /// A heartbeat under way is one more chance to hear of the peer that costs nothing. A verdict just before it would
    /// be wrong as often as all pings are lost; just after it, as often as the heartbeat is lost too. One is waited for, not the
    /// one after it too, however late this host comes to judge.
    func nextHeartbeatDue(soonAfter now: Instant) -> Instant? {
        guard portUnreachable == nil, waitsForHeartbeats else { return nil }
        let wait = WorstSilence.Heartbeats.wait(
            after: now - deadline, interval: interval, atMost: WorstSilence.Heartbeats.longestWait(interval))
        let due = now + wait
        return wait > .zero && due <= awaitedHeartbeat ?? .never ? due : nil
    }

    private var awaitedHeartbeat: Instant? {
        if case .pending(let verification) = standing { verification.awaitedHeartbeat } else { nil }
    }

    /// Notes what a rule grants; what ends with the deadline puts no verdict off.
    mutating func note(_ allowance: Allowance, at now: Instant) {
        guard case .pending(var verification) = standing, allowance.rule != .closedPort else { return }
        let granted = verification.postponements[allowance.rule] + (allowance.until - now)
        verification.postponements[allowance.rule] = granted
        verification.awaitedHeartbeat = allowance.rule == .nextHeartbeat ? allowance.until : nil
        standing = .pending(verification)
    }

    /// By how much rules have put the verdict off, as far as they were asked for it.
    var postponements: Postponements {
        switch standing {
        case .pending(let verification): verification.postponements
        case .suspected(let suspicion): suspicion.postponements
        case .unknown, .trusted, .left: Postponements()
        }
    }
}

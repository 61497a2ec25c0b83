internal import CausalClock

/// How many fell silent together.
struct MassSilence: Sendable, BitwiseCopyable {
    /// Peers that are overdue, and were last heard within an interval of each other.
    var silent = 0
    /// Peers of which it is too early to say.
    var undecided = 0
    /// Peers that were heard before, the silent ones included.
    var members = 0
    /// When the last of the silent was heard.
    var latest = Instant(nanoseconds: .min)

    var isMost: Bool { silent >= 3 && silent * 2 > members }
    var mayBecomeMost: Bool { silent + undecided >= 3 && (silent + undecided) * 2 > members }
}

/// Which peers are silent together: by which a fault of this node is recognised.
extension Monitor {
    /// Whether the silence of the peer at an index is blamed on us.
    func isInSilentCohort(_ index: Int) -> Bool {
        guard isolatedSince != nil, lastHeard(index) <= isolation.heardUpTo,
            !peers.ask(index, { $0.isUnaddressed || $0.isSaidToHaveEnded })
        else { return false }
        // The silence of one that was suspected before most fell silent is unrelated.
        return isolation.heardUpTo == .never || peers[index].state != .suspected
            || peers[index].verdict?.cause == .isolated
    }

    /// Whether the peer at an index is suspected, and its silence is blamed on us.
    func supportsIsolation(_ index: Int) -> Bool {
        peers[index].state == .suspected && peers[index].verdict?.cause == .isolated
            && isInSilentCohort(index)
    }

    /// Whether no peer at all has been heard since the peer at an index became overdue.
    ///
    /// If every host falls silent, one broken link at our side explains it better than so many crashes
    /// simultaneously. But the silence of a peer whose next heartbeat is not due yet says nothing. So either all
    /// others must be overdue too, or one that was asked along with it must have left a ping unanswered. A host
    /// that refuses our datagrams, or sends the last words of its daemon, is within reach, so then it is not us.
    func isEveryoneSilent(besides index: Int, at now: Instant) -> Bool {
        guard !isWithinReach(index, at: now), !peers.ask(index, { $0.isUnaddressed }) else { return false }
        let (overdue, judgementTime) = (overdueSince(index), judgementTime(at: now))
        var others = 0
        var areAllOverdue = true
        var isWitnessSilent = false
        let last = lastHeard(index)
        for other in peers.indices
        where other != index && !peers.ask(other, { $0.isUnaddressed }) && !wasGone(other, at: last) {
            if isWithinReach(other, at: now) || isHeard(other, after: overdue) { return false }
            others += 1
            areAllOverdue = areAllOverdue && peers[other].deadline <= judgementTime
            isWitnessSilent =
                isWitnessSilent || peers[other].probes.isUnanswered(since: overdue, at: judgementTime)
        }
        return others > 0 && (areAllOverdue || isWitnessSilent)
    }

    /// Whether something of the host of a silent peer arrives, although not what is waited for: a report that its port is
    /// closed, the last words of its daemon, or what is not believed.
    private func isWithinReach(_ index: Int, at now: Instant) -> Bool {
        if peers[index].portUnreachable != nil || peers[index].lastWords.arrived != nil { return true }
        return peers.ask(index) { $0.isSpeaking(at: now) }
    }

    /// For how long after its deadline the verdict on a peer may wait until it shows whether most are silent, at most.
    private func patienceForOthers(_ index: Int) -> TimeSpan {
        peers.ask(index) { ($0.interval + $0.margin) * 2 }
    }

    /// The longest that this takes, when no message is under way for longer than `delay`.
    ///
    /// A peer that has fallen silent with it was heard no later than one deadline after it, and is overdue one deadline of its own
    /// later. With fewer than three peers there is no most.
    func worstWaitForOthers(_ index: Int, delay: TimeSpan) -> TimeSpan {
        guard peers.count >= 3 else { return .zero }
        return min(patienceForOthers(index), slowestPatience.value + delay)
    }

    /// How many have been silent, of how many that were heard before: this peer and those that fell silent with it.
    ///
    /// Thousands may fall silent simultaneously, and each asks of all others.
    func silentCohort(around index: Int, at now: Instant) -> MassSilence {
        var silence = MassSilence()
        guard let last = peers[index].lastHeard, !isWithinReach(index, at: now) else { return silence }
        silence = MassSilence(silent: 1, members: 1, latest: last)
        let (patience, judgementTime) = (peers.ask(index) { $0.interval + $0.margin }, judgementTime(at: now))
        for other in peers.indices where other != index && !wasGone(other, at: last) {
            guard let heard = peers[other].lastHeard else { continue }
            guard peers[other].portUnreachable == nil, peers[other].lastWords.arrived == nil else {
                return MassSilence()
            }
            silence.members += 1
            // What is not believed arrives all the same.
            guard heard <= last + patience, !peers.ask(other, { $0.isSpeaking(at: now) }) else { continue }
            // Its next heartbeat may not be due yet; then its silence says nothing.
            if peers[other].deadline > judgementTime {
                silence.undecided += 1
            } else if heard + patience >= last
                || heard + peers.ask(other, { $0.interval + $0.margin }) >= last
            {
                silence.silent += 1
                silence.latest = max(silence.latest, heard)
            }
        }
        return silence
    }

    /// Whether to wait a little before a peer is suspected, because whether most are silent is about to show.
    func mustWaitForOthers(_ index: Int, at now: Instant) -> Bool {
        guard isolatedSince == nil,
            judgementTime(at: now) - peers[index].deadline < patienceForOthers(index)
        else { return false }
        let silence = silentCohort(around: index, at: now)
        return silence.silent >= 2 && !silence.isMost && silence.mayBecomeMost
    }

    /// Whether observers that we trust have for some time suspected one that was last heard by `instant`.
    func isSharedByOthers(upTo instant: Instant, at now: Instant) -> Bool {
        let judgementTime = judgementTime(at: now)
        return peers.indices.contains { index in
            lastHeard(index) <= instant && peers[index].deadline <= judgementTime
                && hasLastingWitness(index, at: now)
        }
    }

    /// Whether those whose silence is blamed on us are still all peers, or most.
    func isBlameFitting(at now: Instant) -> Bool {
        guard isolation.heardUpTo < .never else { return true }
        let judgementTime = judgementTime(at: now)
        var silence = MassSilence()
        for index in peers.indices where peers[index].lastHeard != nil && peers[index].state != .left {
            if isInSilentCohort(index), peers[index].deadline <= judgementTime {
                silence.silent += 1
            } else if peers[index].state == .suspected || peers[index].lastWords.arrived != nil {
                // It fell silent before or after, or its daemon has ended: that has nothing to do with it.
                continue
            }
            silence.members += 1
        }
        return silence.isMost && !isSharedByOthers(upTo: isolation.heardUpTo, at: now)
    }

    /// Whether an observer that we trust has suspected a peer for two of its intervals: long enough to have noticed if
    /// it were cut off itself.
    func hasLastingWitness(_ index: Int, at now: Instant) -> Bool {
        peers[index].witnesses.items.contains { witness in
            guard counts(witness, on: index), let observer = self.index(of: witness.dot.host) else {
                return false
            }
            return now - witness.heard >= peers.ask(observer) { $0.interval } * 2
        }
    }
}

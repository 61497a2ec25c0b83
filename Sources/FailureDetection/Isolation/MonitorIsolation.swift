internal import CausalClock

/// Most fall silent at once: is it we?
///
/// When every peer falls silent, one broken link at our side explains it. When most do, at least three of them and more
/// than half of those that were heard, it still does better than so many crashes within one interval: this host is on
/// the small side of a partition, or half deaf. It says so once, and goes on trusting those that it hears. It is not we
/// when a host refuses our datagrams, for then it is within reach, or when an observer that we trust has suspected one
/// of the silent for a while and not found fault with itself.
extension Monitor {
    /// Whether the silence of the peer at an index is blamed on us.
    func isInSilentCohort(_ index: Int) -> Bool {
        guard isolatedSince != nil, (peers[index].lastHeard ?? started) <= isolation.heardUpTo,
            !peers[index].isUnaddressed
        else { return false }
        // One that was suspected before most fell silent has a silence of its own.
        return isolation.heardUpTo == .never || peers[index].state != .suspected
            || peers[index].verdict?.cause == .isolated
    }

    /// Whether the peer at an index is suspected, and its silence is blamed on us.
    func supportsIsolation(_ index: Int) -> Bool {
        peers[index].state == .suspected && peers[index].verdict?.cause == .isolated
            && isInSilentCohort(index)
    }

    /// For how long after its deadline the verdict on a peer may wait until it shows whether most are silent, at most.
    private func patienceForOthers(_ index: Int) -> TimeSpan {
        (peers[index].interval + peers[index].margin) * 2
    }

    /// The longest that this takes, when no message is under way for longer than `delay`.
    ///
    /// Who has fallen silent with it was heard no later than one deadline after it, and is overdue one deadline of its own
    /// later. With fewer than three peers there is no most.
    func worstWaitForOthers(_ index: Int, delay: TimeSpan) -> TimeSpan {
        guard peers.count >= 3 else { return .zero }
        return min(patienceForOthers(index), slowestPatience.value + delay)
    }

    /// Keeps the longest patience; one that is learnt, or that follows our pings, counts as longer than any other.
    mutating func notePatience(with index: Int, at now: Instant) {
        let (patience, interval) = look(at: index) { ($0.timetablePatience ?? .seconds(86_400), $0.interval) }
        slowestPatience.note(patience, at: now, memory: max(Peer.pathMemory, interval * 16))
    }

    /// Decides, when the peer at an index is to be suspected, whether it is rather we who are cut off; tells it once.
    mutating func declareIsolation(for index: Int, at now: Instant, into effects: inout Effects) {
        var share = silenceOfAll(besides: index, at: now)
        var latest = Instant.never
        if share == nil {
            let silence = silentCohortLastHeard(around: index, at: now)
            guard silence.isMost, !isSharedByOthers(upTo: silence.latest, at: now) else { return }
            latest = silence.latest
            share = SilentShare(silent: silence.silent, members: silence.members)
        }
        isolation.begin(at: now, heardUpTo: latest)
        // Some may not have been judged since an isolation before.
        for other in peers.indices where supportsIsolation(other) {
            isolation.note(names[other], isBlamed: true)
        }
        tick(.isolated, at: now, verdict: Verdict(.isolated, .suspected), into: &effects)
        var notice = Notice(kind: .isolated, dot: clock.dot, at: now, verdict: Verdict(.isolated, .suspected))
        notice.evidence = evidence(of: index)
        notice.share = share
        effects.append(.notice(notice))
    }

    /// Counts the peer at an index among those whose silence is blamed on us, when it fell silent with most of them.
    ///
    /// Where some heartbeats were lost before, half of the peers may be overdue while others were heard just now.
    mutating func extendIsolation(to index: Int, at now: Instant) {
        guard isolation.heardUpTo < .never, !isInSilentCohort(index) else { return }
        let silence = silentCohortLastHeard(around: index, at: now)
        guard silence.isMost, !isSharedByOthers(upTo: silence.latest, at: now) else { return }
        isolation.widen(upTo: silence.latest)
    }

    private func silenceOfAll(besides index: Int, at now: Instant) -> SilentShare? {
        guard isEveryoneSilent(besides: index, at: now) else { return nil }
        return SilentShare(silent: peers.count, members: peers.count)
    }

    /// Whether observers that we trust have for some time suspected one that was last heard by `instant`.
    private func isSharedByOthers(upTo instant: Instant, at now: Instant) -> Bool {
        let judgementTime = judgementTime(at: now)
        return peers.indices.contains { index in
            (peers[index].lastHeard ?? started) <= instant && peers[index].deadline <= judgementTime
                && hasLastingWitness(index, at: now)
        }
    }

    /// How many have been silent, of how many that were heard before: this peer and those who fell silent with it.
    ///
    /// Here and in the like, peers are looked at in place. Thousands may fall silent at once, each asks of all others,
    /// and a copy of a peer costs a hundred times as much as a look.
    func silentCohortLastHeard(around index: Int, at now: Instant) -> MassSilence {
        let peer = peers[index]
        var silence = MassSilence()
        guard let last = peer.lastHeard, peer.portUnreachable == nil, !isSpeaking(peer, at: now) else {
            return silence
        }
        silence = MassSilence(silent: 1, members: 1, latest: last)
        let (patience, judgementTime) = (peer.interval + peer.margin, judgementTime(at: now))
        for other in peers.indices where other != index && !wasGone(other, at: last) {
            guard let heard = peers[other].lastHeard else { continue }
            guard peers[other].portUnreachable == nil else { return MassSilence() }
            silence.members += 1
            // What is not believed arrives all the same.
            guard heard <= last + patience, !isSpeaking(peers[other], at: now) else { continue }
            // Its next heartbeat may not be due yet; then its silence says nothing.
            if peers[other].deadline > judgementTime {
                silence.undecided += 1
            } else if heard + patience >= last
                || heard + peers[other].interval + peers[other].margin >= last
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
        let silence = silentCohortLastHeard(around: index, at: now)
        return silence.silent >= 2 && !silence.isMost && silence.mayBecomeMost
    }

    /// Looks again at a silence that is blamed on us while others are heard; ends the blame when it no longer fits.
    ///
    /// - Returns: whether it ended.
    mutating func reevaluateIsolation(at now: Instant, into effects: inout Effects) -> Bool {
        guard isolatedSince != nil, !isBlameFitting(at: now) else { return false }
        endIsolation(at: now, into: &effects)
        return true
    }

    /// Whether those whose silence is blamed on us are still all peers, or most.
    private func isBlameFitting(at now: Instant) -> Bool {
        guard isolation.heardUpTo < .never else { return true }
        let judgementTime = judgementTime(at: now)
        var silence = MassSilence()
        for index in peers.indices where peers[index].lastHeard != nil && peers[index].state != .left {
            if isInSilentCohort(index), peers[index].deadline <= judgementTime {
                silence.silent += 1
            } else if peers[index].state == .suspected {
                // It fell silent before or after: that has nothing to do with it.
                continue
            }
            silence.members += 1
        }
        return silence.isMost && !isSharedByOthers(upTo: isolation.heardUpTo, at: now)
    }

    /// Ends an isolation that the peers of a new configuration no longer support; the next event emits that.
    mutating func reassessIsolation(hasLostPeers: Bool, at now: Instant) {
        guard isolation.isUnsupported || (isolatedSince != nil && hasLostPeers && !isBlameFitting(at: now)),
            let duration = stopBlaming(at: now)
        else { return }
        isolation.postponeReport(ofEndAt: now, after: duration)
    }

    /// A peer is heard again, or none supports the isolation: the silent ones are judged one by one, after a fair time.
    mutating func endIsolation(at now: Instant, into effects: inout Effects) {
        guard let duration = stopBlaming(at: now) else { return }
        reportEnd(ofIsolationFor: duration, at: now, into: &effects)
    }

    private mutating func stopBlaming(at now: Instant) -> TimeSpan? {
        guard let duration = isolation.end(at: now) else { return nil }
        opinionsChanged = true
        for index in peers.indices {
            peers[index].forgive(.zero, at: now)
            if peers[index].state == .suspected { peers[index].review = now + reviewPeriod(of: index) }
            schedule(index)
        }
        return duration
    }

    /// Emits that an isolation has ended.
    mutating func reportEnd(
        ofIsolationFor duration: TimeSpan, at now: Instant, into effects: inout Effects
    ) {
        tick(.rejoined, at: now, into: &effects)
        effects.append(.notice(Notice(kind: .rejoined, dot: clock.dot, at: now, duration: duration)))
    }

    /// A sign of life of the peer at an index ends our isolation, if it was silent; while others were heard
    /// all along, only that of one whose silence was blamed on us does.
    mutating func endIsolation(byIncarnationOf index: Int, at now: Instant, into effects: inout Effects) {
        guard isolation.heardUpTo == .never || peers[index].verdict?.cause == .isolated else { return }
        endIsolation(at: now, into: &effects)
    }

    /// Whether an observer that we trust has suspected a peer for two of its intervals: long enough to have noticed if
    /// it were cut off itself.
    func hasLastingWitness(_ index: Int, at now: Instant) -> Bool {
        peers[index].witnesses.items.contains { witness in
            guard counts(witness, on: index), let observer = self.index(of: witness.dot.host) else {
                return false
            }
            return now - witness.heard >= peers[observer].interval * 2
        }
    }
}

/// A share of the peers that fell silent at once.
public struct SilentShare: Sendable, BitwiseCopyable, Hashable {
    /// How many fell silent.
    public var silent: Int
    /// Of how many.
    public var members: Int
}

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

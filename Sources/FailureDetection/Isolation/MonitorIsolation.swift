internal import CausalClock

/// Most fall silent simultaneously: is it we?
///
/// When every peer falls silent, one broken link at our side explains it. When most do, at least three of them and more
/// than half of those that were heard, it still does better than so many crashes within one interval: this host is on
/// the small side of a partition, or half deaf. It says so once, and continues trusting those that it hears. It is
/// not we when a host refuses our datagrams, for then it is within reach, or when an observer that we trust has
/// suspected one of the silent for a while and not found fault with itself.
extension Monitor {
    /// Whether any of the peers has ever been heard by this incarnation.
    ///
    /// An isolation before that says only that no peer answers yet: it may be that none runs.
    public var hasHeardPeers: Bool { peers.indices.contains { peers[$0].lastHeard != nil } }

    /// Decides, when the peer at an index is to be suspected, whether it is rather we who are cut off; reports it
    /// once.
    mutating func declareIsolation(for index: Int, at now: Instant, into effects: inout Effects) {
        var share = silenceOfAll(besides: index, at: now)
        var latest = Instant.never
        if share == nil {
            let silence = silentCohort(around: index, at: now)
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
        let silence = silentCohort(around: index, at: now)
        guard silence.isMost, !isSharedByOthers(upTo: silence.latest, at: now) else { return }
        isolation.widen(upTo: silence.latest)
    }

    private func silenceOfAll(besides index: Int, at now: Instant) -> SilentShare? {
        guard isEveryoneSilent(besides: index, at: now) else { return nil }
        return SilentShare(silent: peers.count, members: peers.count)
    }

    /// Re-evaluates a silence that is blamed on us while others are heard; ends the blame when it no longer fits.
    mutating func reevaluateIsolation(at now: Instant, into effects: inout Effects) {
        guard isolatedSince != nil, !isBlameFitting(at: now) else { return }
        endIsolation(at: now, into: &effects)
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
        opinionBook.isOutdated = true
        for index in peers.indices {
            peers[index].forgive(.zero, at: now)
            peers[index].scheduleReview(after: now)
            // Votes count again from here on, and one that was heard meanwhile is not voted against. Its cause stays `isolated`
            // until it is judged: that all fell silent is no flapping of its own.
            if peers[index].hasReturned { takeVote(judge(index, at: now), of: index) }
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

    /// A message of a silent peer ends the isolation.
    ///
    /// In a partial isolation only one of a peer in the silent cohort does.
    mutating func endIsolation(bySignOfLifeFrom index: Int, at now: Instant, into effects: inout Effects) {
        guard isolation.heardUpTo == .never || peers[index].verdict?.cause == .isolated else { return }
        endIsolation(at: now, into: &effects)
    }
}

internal import CausalClock

/// What is emitted about a peer, and what it rests on.
extension Monitor {
    /// Reports something about one peer; that is an event of ours.
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
        if kind == .flapping { notice.restartSeries = restartSeries(of: index, at: now) }
        if kind == .target { notice.target = peers[index].tuner?.report }
        notice.evidence = withEvidence ? self.evidence(of: index) : evidence
        effects.append(.notice(notice))
    }

    private func restartSeries(of index: Int, at now: Instant) -> RestartSeries? {
        let flaps = peers[index].flaps
        guard flaps.restartsInRow > 1 else { return nil }
        return RestartSeries(count: flaps.restartsInRow, duration: now - flaps.restartsBegan)
    }
}

/// How it is watched, and what may change that.
extension Peer {
    /// Takes new settings and keeps all history.
    mutating func retune(_ settings: PeerSettings, at now: Instant) {
        if tuner?.adopt(settings) != true {
            let delays = tuner?.delays ?? recent.delays()
            tuner = settings.target.map { TargetTuner(settings, target: $0, delays: delays, at: now) }
        }
        apply(tuner?.settings ?? settings, at: now)
    }

    /// Checks whether the settings still suit the target.
    ///
    /// - Parameters:
    ///   - now: the present instant.
    ///   - maySearch: whether this may take the time of a search for a plan.
    /// - Returns: whether there is something new to report, and whether a search was made.
    mutating func tune(at now: Instant, maySearch: Bool) -> (hasNews: Bool, hasSearched: Bool) {
        guard var tuner else { return (false, false) }
        let searches = tuner.searches
        tuner.tune(
            measured: measuredPath(tuner.delays), announced: announcedInterval, at: now, maySearch: maySearch)
        let hasNews = tuner.takeNews(at: now)
        self.tuner = tuner
        apply(tuner.settings, at: now)
        return (hasNews, tuner.searches != searches)
    }

    /// Checks the target later.
    mutating func postponeTuning(to instant: Instant) { tuner?.postpone(to: instant) }

    /// The longest wait for a pong that is configured; the one that a target leads to ends pings, and not their meaning.
    var longestPong: TimeSpan { tuner?.configured.maximumTimeout ?? settings.maximumTimeout }

    private mutating func apply(_ settings: PeerSettings, at now: Instant) {
        if settings.detector != self.settings.detector {
            detector = settings.detector.makeDetector(retuning: detector, heard: recent)
        }
        if settings.interval > self.settings.interval { formerPace = (pace, sender.next) }
        if settings.interval != self.settings.interval { nextHeartbeat = now }
        let isNew = settings != self.settings
        self.settings = settings
        guard isNew else { return }
        expectAnew(at: now)
        rejudgeSilence(at: now)
    }

    /// Judges a silence by the new settings from its beginning on: margin and pings are made for each other, and where the
    /// new margin is wide, few pings follow it.
    ///
    /// So a peer that is overdue by the old settings alone is trusted again. Of a round that continues with fewer
    /// pings, the latest may have become the last one, and is waited for like that.
    private mutating func rejudgeSilence(at now: Instant) {
        guard portUnreachable == nil, !wasUnknown else { return }
        if settings.mode != .ping, isWatched, state != .unknown, let lastHeard {
            deadline = max(deadline, lastHeard + patience)
            if state == .pending, deadline > now { becomeTrustedAgain(at: now) }
        }
        if state == .pending, isLastPingOut { probes.waitForLast(pingRound.lastWait) }
    }
}

internal import CausalClock

/// Why a peer is silent.
extension Monitor {
    /// The likeliest reason for a silence, by the strongest evidence that there is.
    func judge(_ index: Int, at now: Instant) -> RankedVerdict {
        RankedVerdict(verdictInput(of: index, at: now))
    }

    /// The likeliest reason for a silence.
    func verdict(of index: Int, at now: Instant) -> Verdict { judge(index, at: now).verdict }

    /// What concerns the cause of a silence, gathered.
    func verdictInput(of index: Int, at now: Instant) -> VerdictInput {
        peers.ask(index) { verdictInput(of: $0, at: index, now) }
    }

    private func verdictInput(of peer: Peer, at index: Int, _ now: Instant) -> VerdictInput {
        let began = silenceBegan(peer)
        var input = VerdictInput()
        input.isInSilentCohort = isInSilentCohort(index)
        input.recovery = peer.recovery(at: judgementTime(at: now))
        input.isSpeaking = peer.isSpeaking(at: now)
        input.isBeforeNextMessage = peer.isBeforeNextMessage(at: judgementTime(at: now))
        input.isBackUnattested = peer.isBackUnattested
        input.isLinkAsked = peer.isLinkAsked
        let (claims, denials) = testimonies(of: peer, at: now)
        input.isHeardByOthers = claims >= 2 || (claims == 1 && !hasTwoWitnesses(besides: peer.id))
        input.isMissedByOthers = denials > 0
        input.isProvedAlive = peer.watch.provedAlive != nil
        input.isProvedHearing =
            peer.watch.provedHearing.map {
                now - $0 <= peer.interval * Tuning.hearingIntervals
            } ?? false
        input.hasEnded = hasEnded(index, at: now)
        input.hasClosedPort = peer.portUnreachable != nil
        input.news = news(of: peer, at: index, since: began, at: now)
        input.hasWitness = peers.indices.contains {
            $0 != index && peers[$0].state == .trusted && isHeard($0, after: began)
        }
        input.obstacle = peer.obstacle
        return input
    }

    /// Whether the last words of a peer's daemon explain its silence, as far as it lasts.
    private func hasEnded(_ index: Int, at now: Instant) -> Bool {
        guard !isContinued(index) else { return false }
        // A verdict outlives what it rests on, which no restart of ours remembers.
        if peers[index].verdict?.cause == .daemon { return true }
        let round = peers.ask(index) { $0.interval + $0.margin + $0.verification }
        let hold = max(round * 2, LastWords.shortestHold)
        let began = peers[index].state == .suspected ? peers[index].stateSince : now
        return peers[index].lastWords.explain(silenceReported: began, hold: hold)
    }

    /// Whether an event of a peer after its last words is known: of a process that continues with its incarnation, or of a later
    /// one.
    private func isContinued(_ index: Int) -> Bool {
        guard let epoch = peers[index].epoch, let known = clock.latest(of: names[index]) else { return false }
        let number = peers[index].lastWords.number
        return known.epoch > epoch || (known.epoch == epoch && number > 0 && known.counter > number)
    }

    /// After which instant a message of the peer, to us or to another, shows that its silence is no crash.
    ///
    /// A verified report that the port is closed is evidence against it before its next heartbeat is due.
    private func silenceBegan(_ peer: Peer) -> Instant {
        let overdue = overdueSince(peer)
        return peer.portUnreachable.map { min($0, overdue) } ?? overdue
    }

    /// What the clocks of others say of a peer.
    private func news(
        of peer: Peer, at index: Int, since began: Instant, at now: Instant
    ) -> VerdictInput.News {
        guard let news = indirectNews[index], news.arrived > began,
            now - news.arrived < pace(of: news, on: peer) * Tuning.newsIntervals
        else { return .none }
        // Others may have known it before a reload added the peer, and mention it at any time.
        let isOfBefore = peer.lastHeard == nil && peer.watchedSince > started
        return isOfBefore || isRumour(news, of: peer) ? .rumour : .fresh
    }

    /// How many claim and how many deny that a peer is running.
    ///
    /// A witness that got something of the peer after we should have is a claim that it is running; one that does
    /// not hear it either denies that; one that has heard of it as late as we have cannot know yet. Where there are
    /// two witnesses or more, two must claim so. We and two witnesses are three sources, and of the latest event
    /// that each has directly of the peer the second latest is no later than an honest one: one liar cannot keep a
    /// dead peer alive. Only direct claims count, because honest hosts hand a lie on that they have merged.
    private func testimonies(of peer: Peer, at now: Instant) -> (claims: Int, denials: Int) {
        var (claims, denials) = (0, 0)
        let (interval, began) = (peer.interval, silenceBegan(peer))
        for report in reports(of: peer) {
            guard let witness = index(of: report.witness) else { continue }
            let testimony = report.testimony
            // A denial outlives the news that a liar sends meanwhile, also when the next ones are lost.
            let age = now - report.arrived
            let intervals = testimony.isTrusted ? Tuning.claimIntervals : Tuning.denialIntervals
            guard age <= interval * intervals || age <= peers.ask(witness, { $0.interval }) * intervals else {
                continue
            }
            let isOfThisIncarnation = peer.epoch.map { testimony.subject.epoch >= $0 } ?? true
            if !testimony.isTrusted || !isOfThisIncarnation {
                denials += 1
            } else if report.arrived - testimony.age > began {
                claims += 1
            }
        }
        return (claims, denials)
    }

    /// What witnesses say of a peer, as far as they have not suspected it since: by that they withdraw that they hear it.
    func reports(of peer: borrowing Peer) -> [WitnessStatement] {
        var reports = peer.watch.reports
        guard !reports.isEmpty, !peer.witnesses.items.isEmpty else { return reports }
        for place in reports.indices where reports[place].testimony.isTrusted {
            let report = reports[place]
            let isWithdrawn = peer.witnesses.items.contains {
                $0.dot.host == report.witness && $0.heard >= report.arrived && isBelieved($0)
                    && $0.subjectEpoch >= report.testimony.subject.epoch
            }
            if isWithdrawn { reports[place].testimony.isTrusted = false }
        }
        return reports
    }

    /// Whether two others or more could report on a peer: those that we hear ourselves.
    func hasTwoWitnesses(besides host: HostID) -> Bool {
        var count = 0
        for other in peers.indices where peers[other].state == .trusted || peers[other].state == .pending {
            count += names[other] == host ? 0 : 1
            if count == 2 { return true }
        }
        return false
    }

    /// News that arrives soon after a peer's end may be of its last words: every host got them immediately, and passes them
    /// on within an interval, at its own pace.
    private func isRumour(_ news: IndirectNews, of peer: Peer) -> Bool {
        let pace = pace(of: news, on: peer)
        let drained = max(
            overdueSince(peer) + peer.interval / 2, (peer.lastHeard ?? peer.watchedSince) + pace + pace / 2)
        return news.arrived <= drained
    }

    /// The pace at which news of a peer travels: a witness may be slower than the peer.
    private func pace(of news: IndirectNews, on peer: Peer) -> TimeSpan {
        max(peer.interval, index(of: news.witness).map { peers.ask($0) { $0.interval } } ?? .zero)
    }
}

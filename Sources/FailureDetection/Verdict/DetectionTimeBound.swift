/// How long a crash may go unnoticed, as things stand.
extension Monitor {
    /// The longest time from a crash of the peer at an index to its suspicion: T_D at worst.
    ///
    ///     heartbeat+ping   D + o + g + max(r + a, s + RTO) + w + p
    ///     heartbeat        D + o + g
    ///     ping             D + I + max(RTO, m) + g + max(r', s + RTO) + p
    ///
    /// It is the sum of what the rules that judge may take, each asked for its own part:
    ///
    /// - D: the worst crash comes right after a sign of life was sent, and that is under way for as long as any round trip
    ///   recently, because the two directions cannot be told apart; or as any message, as far as stamps tell
    ///   (`DelayReference`).
    /// - o: `Peer.patience`, from there to the deadline, with what the detector expects of a path that has become quicker
    ///   since (`Peer.outlivedDelay`); our own interval where the peer is only asked.
    /// - m: the margin, for which a message vouches beyond our interval.
    /// - g: what `LagScore` grants once, and by which it lengthens every wait.
    /// - r: the round of pings (`PingRound`), with the timeout that what is under way may still lead to; where messages are
    ///   lost, as long as such losses make it (`Peer.worstRound`), or a clean link's and a, whichever is longer.
    /// - a: how much later the peer answers recently (`AcknowledgementLag`).
    /// - s: how long it may take until it shows whether most are silent (`worstWaitForOthers`); with a last ping.
    /// - w: the wait for a heartbeat that is due soon after.
    /// - p: half a round more where messages are lost and others may hear the peer (`postpones`).
    ///
    /// Where datagrams are read late, the bound of that is added for each verdict that waits for it. What lengthens it
    /// still is a path that becomes slower than it was recently, and a pause of our own.
    ///
    /// - Parameters:
    ///   - index: the place of the peer.
    ///   - now: the present instant.
    /// - Returns: the bound; `nil` before a round trip was measured, and for a peer that has left.
    public func detectionTimeBound(ofPeer index: Int, at now: Instant) -> TimeSpan? {
        let peer = peers[index]
        guard peer.state != .left, let smoothed = peer.roundTrip.smoothed else { return nil }
        let longest = max(smoothed, peer.slowest.value)
        let (late, timeout) = (health.reading.bound, peer.worstPingTimeout(ifRoundTripsTake: longest))
        let patience = peer.interval + peer.margin
        let others = worstWaitForOthers(index, delay: longest)
        let round = peer.worstRound(timeout: timeout)
        let score = worstLagScore(
            within: max(round.length, others + timeout),
            isPromised: peer.tuner != nil, at: now)
        let overdue =
            peer.settings.mode == .ping
            ? peer.pace + max(timeout, peer.margin) : peer.patience(ifLateBy: longest) + peer.outlivedDelay
        let granted = LagScore.allowance(on: patience, score: score)
        guard peer.settings.mode != .heartbeat else { return longest + overdue + granted + late }
        let verdict = verdictTime(
            of: index, after: round, longest: longest, others: others, score: score, at: now)
        return longest + overdue + granted + verdict + late * 4
    }

    /// By how much later than on a clean link the end of the peer at an index may be suspected because messages are lost:
    /// in the present silence, or in one that begins now.
    ///
    /// - Parameter index: the place of the peer.
    /// - Returns: the time; `nil` where it is none.
    public func lossDelay(ofPeer index: Int) -> TimeSpan? {
        let peer = peers[index]
        guard peer.isWatched, peer.portUnreachable == nil else { return nil }
        let usual = peer.shortestRound(timeout: peer.pingTimeout).length
        let round =
            peer.state == .pending
            ? peer.pingRound : peer.plannedRound(timeout: peer.pingTimeout, losses: peer.linkLosses())
        guard let round, round.length > usual else { return nil }
        return round.length - usual
    }

    /// What of the bound comes from losses that are remembered; with a few more, as they may come before the silence begins.
    ///
    /// - Parameter index: the place of the peer.
    /// - Returns: the time; zero where nothing was lost.
    package func worstLossDelay(ofPeer index: Int) -> TimeSpan {
        let peer = peers[index]
        let usual = peer.shortestRound(timeout: peer.pingTimeout).length
        return max(peer.worstRound(timeout: peer.pingTimeout).length - usual, .zero)
    }

    /// What of the bound comes from what is remembered longer than the latest trouble lasts: delays that the detector
    /// expects and the path no longer has, and the half round that is granted where messages were lost.
    ///
    /// - Parameter index: the place of the peer.
    /// - Returns: the time; zero where nothing is remembered.
    package func rememberedDelay(ofPeer index: Int) -> TimeSpan {
        let peer = peers[index]
        let usual = peer.shortestRound(timeout: peer.pingTimeout)
        return peer.outlivedDelay + (mayPostpone(index) ? usual.length(of: peer.halfRound) : .zero)
    }

    /// From the deadline to the verdict, at most.
    private func verdictTime(
        of index: Int, after worst: PingRound, longest: TimeSpan, others: TimeSpan, score: Int,
        at now: Instant
    ) -> TimeSpan {
        let peer = peers[index]
        var (round, usual) = (worst, peer.shortestRound(timeout: worst.lastWait))
        // A routine ping was the first of the round; one is sent in any case.
        if peer.settings.mode == .ping {
            round.count = max(round.count - 1, 1)
            usual.count = max(usual.count - 1, 1)
        }
        let answers = max(
            LagScore.widened(round.length, score: score),
            LagScore.widened(usual.length, score: score) + peer.worstAnswerLateness(longest, at: now))
        let lastPing = LagScore.widened(round.lastWait, score: score)
        var time = others > .zero ? max(answers, others + lastPing) : answers
        time = time + peer.worstWait(afterSilence: time)
        guard mayPostpone(index) else { return time }
        time = time + LagScore.widened(usual.length(of: peer.halfRound), score: score)
        return time + peer.worstWait(afterSilence: time)
    }

    /// The lag score that a silence may lead to while pings run for `span`: several peers that leave them unanswered at once
    /// raise it.
    ///
    /// Where a target promises a detection time it holds as long as fewer than three peers fall silent at once.
    private func worstLagScore(within span: TimeSpan, isPromised: Bool, at now: Instant) -> Int {
        let present = health.lagScore.value(at: now)
        guard peers.count >= LocalHealth.silentAtOnce, !isPromised else { return present }
        let rises = Int(clamping: span.nanoseconds / LagScore.shortestRise.nanoseconds) + 1
        return min(present + rises, LagScore.maximum)
    }
}

extension Peer {
    /// When the next heartbeat is overdue as well, if that comes soon after the last ping has been waited for.
    ///
    /// A heartbeat under way is one more chance to hear of the peer that costs nothing. A verdict just before it would
    /// be wrong as often as all pings are lost; just after it, as often as the heartbeat is lost too.
    func nextHeartbeatDue(soonAfter now: Instant) -> Instant? {
        guard portUnreachable == nil else { return nil }
        let wait = wait(afterSilence: now - deadline, atMost: interval / 5)
        return wait > .zero ? now + wait : nil
    }

    /// The longest such wait when the pings take about as long as `silence`: who is late by some milliseconds may just
    /// come to it.
    fileprivate func worstWait(afterSilence silence: TimeSpan) -> TimeSpan {
        wait(afterSilence: silence, atMost: interval * 3 / 10)
    }

    /// How long the verdict waits for the next heartbeat when a deadline was missed `silence` ago, if that is `longest` at
    /// most; not at all where a target promises a detection time.
    private func wait(afterSilence silence: TimeSpan, atMost longest: TimeSpan) -> TimeSpan {
        guard settings.mode == .heartbeatAndPing, tuner == nil, silence >= .zero else { return .zero }
        let missing = interval.nanoseconds - silence.nanoseconds % max(interval.nanoseconds, 1)
        return missing <= longest.nanoseconds ? TimeSpan(nanoseconds: missing) : .zero
    }
}

/// How long a crash may go unnoticed, as things stand.
extension Monitor {
    /// The longest time from a crash of the peer at an index to its suspicion: T_D at worst.
    ///
    ///     D + o + what the rules may take (`VerdictRule`)
    ///
    /// - D: the worst crash comes right after a sign of life was sent, and that is under way for as long as any round trip
    ///   recently, because the two directions cannot be distinguished; or as any message, as far as stamps show
    ///   (`DelayReference`).
    /// - o: `Peer.patience`, from there to the deadline, with what the detector expects of a path that has become quicker
    ///   since (`Peer.outlivedDelay`); where the peer is only asked our own interval, and the routine ping or the margin, for
    ///   which a message vouches beyond it.
    ///
    /// What lengthens it still is a path that becomes slower than it was recently, and a pause of our own.
    ///
    /// - Parameters:
    ///   - index: the index of the peer.
    ///   - now: the present instant.
    /// - Returns: the bound; `nil` before a round trip was measured, and for a peer that has left.
    public func detectionTimeBound(ofPeer index: Int, at now: Instant) -> TimeSpan? {
        worstSilence(ofPeer: index, at: now)?.total
    }

    /// The parts of that.
    private func worstSilence(ofPeer index: Int, at now: Instant) -> WorstSilence? {
        guard peers[index].state != .left, let longest = longestDelay(ofPeer: index) else { return nil }
        return peers.ask(index) { worstSilence(of: $0, at: index, ifDelaysTake: longest, at: now) }
    }

    private func worstSilence(
        of peer: Peer, at index: Int, ifDelaysTake longest: TimeSpan, at now: Instant
    ) -> WorstSilence {
        let timeout = peer.worstPingTimeout(ifRoundTripsTake: longest)
        let (usual, round) = (peer.shortestRound(timeout: timeout), peer.worstRound(timeout: timeout))
        let overdue =
            peer.settings.mode == .ping
            ? peer.worstPingPatience(timeout) : peer.patience(ifLateBy: longest) + peer.outlivedDelay
        var silence = WorstSilence(
            untilDeadline: longest + overdue, patience: peer.interval + peer.margin,
            isVerified: peer.settings.mode != .heartbeat, usual: peer.afterRoutinePing(usual),
            round: peer.afterRoutinePing(round))
        silence.others = worstWaitForOthers(index, delay: longest)
        silence.lagScore = worstLagScore(
            within: max(round.length, silence.others + timeout), isPromised: peer.tuner != nil, at: now)
        silence.answerLateness = peer.worstAnswerLateness(longest, at: now)
        silence.pingsForOthers = mayPostpone(index) ? peer.halfRound : 0
        silence.readLag = health.reading.bound
        silence.heartbeats =
            peer.waitsForHeartbeats ? .init(every: peer.interval, isScheduleKnown: true) : nil
        return silence
    }

    /// The longest round trip, or way of a message as far as stamps show it, that the bound of the peer at an index rests on.
    ///
    /// - Parameter index: the index of the peer.
    /// - Returns: the time; `nil` before a round trip was measured.
    package func longestDelay(ofPeer index: Int) -> TimeSpan? {
        peers[index].roundTrip.smoothed.map { max($0, peers[index].delays.longest) }
    }

    /// By how much later than on a clean link the end of the peer at an index may be suspected because messages are lost:
    /// in the present silence, or in one that begins now.
    ///
    /// - Parameter index: the index of the peer.
    /// - Returns: the time; `nil` where it is none.
    public func lossDelay(ofPeer index: Int) -> TimeSpan? {
        peers.ask(index) { $0.lossDelay }
    }

    /// What of the bound comes from losses that are remembered; with a few more, as they may come before the silence begins.
    ///
    /// - Parameter index: the index of the peer.
    /// - Returns: the time; zero where nothing was lost.
    package func worstLossDelay(ofPeer index: Int) -> TimeSpan {
        peers.ask(index) { peer in
            let usual = peer.shortestRound(timeout: peer.pingTimeout).length
            return max(peer.worstRound(timeout: peer.pingTimeout).length - usual, .zero)
        }
    }

    /// What of the bound comes from what is remembered longer than the latest trouble lasts: delays that the detector
    /// expects and the path no longer has, and the half round that is granted where messages were lost.
    ///
    /// - Parameter index: the index of the peer.
    /// - Returns: the time; zero where nothing is remembered.
    package func rememberedDelay(ofPeer index: Int) -> TimeSpan {
        let mayPostpone = mayPostpone(index)
        return peers.ask(index) { peer in
            let usual = peer.shortestRound(timeout: peer.pingTimeout)
            return peer.outlivedDelay + (mayPostpone ? usual.length(of: peer.halfRound) : .zero)
        }
    }

    /// The lag score that a silence may lead to while pings run for `span`: several peers that leave them unanswered simultaneously
    /// raise it.
    ///
    /// Where a target promises a detection time it holds as long as fewer than three peers fall silent
    /// simultaneously.
    private func worstLagScore(within span: TimeSpan, isPromised: Bool, at now: Instant) -> Int {
        let present = health.lagScore.value(at: now)
        guard peers.count >= LocalHealth.silentAtOnce, !isPromised else { return present }
        let rises = Int(clamping: span.nanoseconds / LagScore.shortestRise.nanoseconds) + 1
        return min(present + rises, LagScore.maximum)
    }
}

extension Peer {
    /// From a message to the deadline where the peer is only asked; its own timetable decides where it gets none of our pings.
    fileprivate func worstPingPatience(_ timeout: TimeSpan) -> TimeSpan {
        let asked = pace + max(timeout, margin)
        return answersNothing ? max(asked, timetableSpan) : asked
    }

    /// A round without the routine ping that was its first, where there is one; one ping is sent in any case.
    fileprivate func afterRoutinePing(_ round: PingRound) -> PingRound {
        guard settings.mode == .ping else { return round }
        return PingRound(count: max(round.count - 1, 1), spacing: round.spacing, lastWait: round.lastWait)
    }
}

extension Peer {
    /// By how much longer than on a clean link a round of pings is, the present one or one that begins now; `nil` for nothing.
    fileprivate var lossDelay: TimeSpan? {
        guard isWatched, portUnreachable == nil else { return nil }
        let usual = shortestRound(timeout: pingTimeout).length
        let round = state == .pending ? pingRound : plannedRound(timeout: pingTimeout, losses: linkLosses())
        guard let round, round.length > usual else { return nil }
        return round.length - usual
    }
}

internal import CausalClock

/// What a peer's messages in its present incarnation show of its clock and of its identity.
struct PeerIncarnation: Sendable {
    /// Whether all is known that they could have carried.
    var coverage = ClockCoverage()
    /// Whether they come from one process.
    var order = ProcessOrder()
    /// Whether freshness is unproved: this incarnation may have ended, or this node was restored to an earlier state.
    ///
    /// Only an answer to
    /// a ping of this node proves it.
    var needsFreshnessProof = false
    /// What shows without an answer, of a peer that does not hear us, that its messages are not recorded.
    var timetable: Timetable?
    /// Our event at which the incarnation was first heard.
    var began: UInt64 = 0
    /// Our latest event when an earlier incarnation acted although this one had begun.
    var rivalSeen: UInt64?
    /// What acts in the peer's name in another incarnation, and does not prove that it is running.
    var rival: Rival?
    /// The highest number of a pong that answered no ping that is remembered.
    var latestUnsolicited: UInt64 = 0
    /// The highest number of a message that was refused as outdated.
    var latestOutdated: UInt64 = 0
    /// The latest ping that was answered although its epoch is not credible.
    private var latestIncredible = (epoch: Epoch(0), sequence: UInt64(0))
    /// Whether a contradiction was reported.
    var isConflictReported = false
    /// Its latest event that was had directly.
    var latest = PeerEvent()
    /// Up to which of its events its opinions are known in full.
    var lastOpinions: ReceivedOpinions?
}

extension PeerIncarnation {
    /// Keeps the latest event of the peer.
    mutating func note(_ reception: borrowing InboundMessage) {
        guard reception.dot.counter > latest.counter else { return }
        latest = PeerEvent(counter: reception.dot.counter, hasGaps: reception.hasGaps)
    }

    /// Notes a message whose epoch is not credible.
    ///
    /// - Returns: whether it is later than all of them before.
    mutating func isNewIncredible(_ reception: borrowing InboundMessage) -> Bool {
        let (epoch, sequence) = (reception.dot.epoch, reception.sequence)
        guard
            epoch > latestIncredible.epoch
                || (epoch == latestIncredible.epoch && sequence > latestIncredible.sequence)
        else { return false }
        latestIncredible = (epoch, sequence)
        return true
    }

    /// Notes the number of an outdated message.
    ///
    /// - Returns: whether such numbers rise, as those of a sender do that continues; one that was overtaken, or a recording
    ///   that is played again, does not look like that.
    mutating func outdatedContinue(with number: UInt64) -> Bool {
        let former = latestOutdated
        latestOutdated = max(former, number)
        return former > 0 && number > former
    }
}

extension Peer {
    /// Forgets what the peer knew of an incarnation of ours that is over.
    mutating func forgetUs() {
        sender.peerRestarted()
        incarnation.order.forgetUs()
        incarnation.began = 1
        incarnation.rivalSeen = nil
        incarnation.timetable = nil
        // We may be a copy of ourselves that has forgotten what it received.
        requireFreshnessProof()
    }

    /// Puts its incarnation in doubt because we may have forgotten what we received.
    ///
    /// In mode `heartbeat` nothing vouches for the peer before the answer that proves it, so that answer is waited for: two
    /// round trips. A peer that itself only pings, and suspects this host, must hear it first, and sends more often then.
    mutating func requireFreshnessProof() {
        incarnation.needsFreshnessProof = true
        if settings.mode == .heartbeat, isWatched { deadline = deadline + pingTimeout * 2 }
    }

    /// Whether the peer, which we hear, does not hear us: its acknowledgements say so, directly.
    ///
    /// Only what was sent to its configured address counts. That an answer reached it where it asked from says nothing of
    /// that address, to which all heartbeats and pings go.
    ///
    /// Ten unacknowledged datagrams over five intervals make it a finding: under independent loss of 10 % that is
    /// one chance in 10^10. The first new acknowledgement ends it.
    func isUnheard(at now: Instant) -> Bool {
        guard sender.delivery.unacknowledgedCount >= Tuning.unheardMessages,
            let since = sender.delivery.unacknowledgedSince
        else {
            return false
        }
        return now - since > max(interval, settings.interval) * Tuning.unheardIntervals + margin
    }

    /// Whether its latest message that knew of us came before another.
    func reportedBefore(_ dot: Dot) -> Bool { history.lastReport?.dot.precedes(dot) ?? true }
}

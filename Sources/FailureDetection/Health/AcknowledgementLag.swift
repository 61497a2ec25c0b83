/// How much later than a round trip a peer answers, by what it had acknowledged when it was heard last.
///
/// A host that is short of processor time, or whose way in is congested, sends its heartbeats in time and reads ours, and
/// our pings, late. Then one lost heartbeat and the silence after a few pings prove little. Its own messages show that
/// beforehand: they acknowledge only what it had read. So pings are waited for as much longer as the first message that
/// its latest one did not acknowledge had been on its way then, up to `lateAnswerIntervals` intervals, in which as many heartbeats are
/// due. A peer whose latest message had acknowledged all that could have arrived is given no time.
extension Peer {
    /// How many intervals a late answer is waited for, at most: at 5 % of losses that many heartbeats in a row are lost
    /// once in 160,000 times.
    static var lateAnswerIntervals: Int64 { 4 }

    /// By how much the verdict is put off because the peer answers late; zero where a target promises a detection time.
    var answerLateness: TimeSpan {
        guard settings.mode == .heartbeatAndPing, tuner == nil, let lastHeard else { return .zero }
        let unread = sender.oldestUnacknowledged(before: lastHeard)
        return min(max(unread - pingTimeout, .zero), interval * Self.lateAnswerIntervals)
    }

    /// The longest by which the verdict may be put off after a crash at `now`, when round trips take up to `longest`.
    ///
    /// The last message of the peer is sent now and arrives `longest` later, at most. If the peer reads late, that message
    /// may leave unacknowledged what is not acknowledged now.
    func worstAnswerLateness(_ longest: TimeSpan, at now: Instant) -> TimeSpan {
        guard settings.mode == .heartbeatAndPing, tuner == nil else { return .zero }
        let unread = answerLateness > .zero ? sender.oldestUnacknowledged(before: now) : .zero
        return min(max(unread + longest - pingTimeout, .zero), interval * Self.lateAnswerIntervals)
    }

    /// Until when an answer of a peer that is late with its answers is waited for, if that is after `instant`.
    func lateAnswerDue(after instant: Instant) -> Instant? {
        guard portUnreachable == nil, answerLateness > .zero else { return nil }
        let due = deadline + shortestRound(timeout: pingTimeout).length + answerLateness
        return due > instant ? due : nil
    }
}

/// What is known of the silence before the next heartbeat of a peer.
struct Lessons: Sendable, BitwiseCopyable {
    /// The link sequence number and the stamp of the heartbeat before.
    fileprivate var previous: (sequence: UInt64, sent: Instant)?
    /// Whether we were away since.
    fileprivate var wasAway = false
    /// When the deadline had passed, if the silence was reported as a suspicion.
    fileprivate var overdue: Instant?
    /// Until when heartbeats come out of turn: a peer sends some besides when it hears of us anew, and is late in its
    /// timetable when it stood still.
    fileprivate var settling = Instant(nanoseconds: .min)

    /// Notes that the silence is reported as a suspicion; `overdue` is its deadline.
    mutating func suspect(since overdue: Instant) { self.overdue = overdue }

    /// Notes that heartbeats may come out of turn for so long from an instant on.
    mutating func settle(from instant: Instant, for span: TimeSpan) {
        settling = max(settling, instant + span)
    }

    /// Notes that we were away, or lost datagrams of our own: then `away` is zero.
    ///
    /// A pause that is shorter than a part of the interval delays next to nothing, because arrivals are stamped by the
    /// kernel.
    ///
    /// - Returns: whether the next silence teaches nothing.
    mutating func forgive(_ away: TimeSpan, interval: TimeSpan) -> Bool {
        wasAway = wasAway || away == .zero || away >= interval / 4
        return wasAway
    }
}

extension Peer {
    /// For how long heartbeats may come out of turn: until the peer has heard us a few times, or has come back to its own
    /// timetable.
    private var settlingTime: TimeSpan { max(heartbeatInterval, pace) * 3 }

    /// Notes that heartbeats may come out of turn from now on.
    private mutating func settleLessons(at now: Instant) { lessons.settle(from: now, for: settlingTime) }

    /// Notes that the peer is trusted again; after an outage it may take as long to trust us.
    mutating func settleOnRecovery(at now: Instant) {
        if lessons.settling > stateSince { settleLessons(at: now) }
    }

    /// Notes that we were away.
    mutating func forgiveLessons(_ away: TimeSpan, at now: Instant) {
        if lessons.forgive(away, interval: heartbeatInterval) { settleLessons(at: now) }
    }

    /// What is to be learnt from a fresh heartbeat, before it changes the peer's state.
    mutating func takeLesson(of sign: LifeSign) -> Lesson {
        let lessons = lessons
        self.lessons = Lessons(previous: (receiver.highest, sign.sent), settling: lessons.settling)
        let lesson = lesson(of: sign, lessons)
        if lesson == .nothing || lessons.previous == nil {
            settleLessons(at: sign.arrived)
        }
        return lesson
    }

    private func lesson(of sign: LifeSign, _ lessons: Lessons) -> Lesson {
        guard !lessons.wasAway, state != .left else { return .nothing }
        // One that is suspected already and misses its deadline again is not reported again.
        let hasRelapsed = state == .suspected && sign.arrived > deadline + verification
        if let overdue = lessons.overdue ?? (hasRelapsed ? deadline : nil) {
            // Only one that ends within an interval of the deadline may be the deadline's fault.
            let isBrief = sign.arrived - overdue <= heartbeatInterval
            return settings.mode == .heartbeat && isBrief && verdict?.cause != .isolated
                ? .time(upTo: overdue) : .nothing
        }
        guard let previous = lessons.previous else { return .all }
        // Had all that is missing been heartbeats, it would have sent nothing for longer than an interval all the same.
        let sendable = receiver.missing(since: previous.sequence) + 1
        guard sign.sent - previous.sent <= heartbeatInterval * sendable + heartbeatInterval / 2 else {
            return .nothing
        }
        return sign.arrived < lessons.settling ? .delay : .all
    }
}

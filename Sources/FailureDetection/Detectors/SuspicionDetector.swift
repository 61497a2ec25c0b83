/// A heartbeat, or another sign of life that carries its sender's clock.
public struct LifeSign: Sendable, BitwiseCopyable {
    /// When it was sent, on the sender's clock.
    public var sent: Instant
    /// When it arrived, on ours.
    public var arrived: Instant
    /// When its sender's timetable meant it to be sent, on the sender's clock; `sent` where no timetable is known.
    public var scheduled: Instant

    /// A sign of life sent at `sent` (sender's clock) that arrived at `arrived` (ours).
    ///
    /// - Parameters:
    ///   - sent: the stamp that it carries.
    ///   - arrived: when it was received.
    ///   - scheduled: its number times the nominal interval, where heartbeats are numbered and nothing else is; only
    ///     the published forms that count heartbeats instead of reading stamps use it.
    public init(sent: Instant, arrived: Instant, scheduled: Instant? = nil) {
        self.sent = sent
        self.arrived = arrived
        self.scheduled = scheduled ?? sent
    }
}

/// How many samples outlive a process at most: enough for a mean, and little to write every second.
let keptSamples = 128

/// A rule that says until when silence is no reason to worry.
///
/// A detector is fed the fresh heartbeats of one peer and sets one deadline on each; nothing is evaluated between
/// heartbeats. `deadline` may be asked for any sign of life, `record` is called for heartbeats only.
public protocol SuspicionDetector: Sendable {
    /// Learns from a fresh heartbeat.
    mutating func record(_ heartbeat: LifeSign)

    /// Learns from a fresh heartbeat whose sender announces `interval`.
    ///
    /// Detectors that learn times between arrivals keep them relative to the interval that was announced with each,
    /// so that a sender can be retuned without the window having to be relearnt.
    mutating func record(_ heartbeat: LifeSign, interval: TimeSpan)

    /// Learns from a fresh heartbeat what it teaches, and no more.
    mutating func learn(_ lesson: Lesson, from heartbeat: LifeSign, interval: TimeSpan)

    /// The instant, on our clock, from which the sender of `sign` is overdue.
    ///
    /// - Parameters:
    ///   - sign: the latest sign of life.
    ///   - interval: the time between heartbeats that the sender announced last.
    /// - Returns: the deadline; it may lie in the past when the sign was late.
    func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant

    /// The time from the arrival of a heartbeat that took as long as usual to the deadline that it sets.
    ///
    /// The worst-case detection time contains it. What anchors its deadline at `LifeSign.sent` has to say it; for what
    /// uses arrivals only, the deadline itself does.
    func patience(interval: TimeSpan) -> TimeSpan

    /// What was learnt, oldest first, for `resume` of a later process; empty where nothing is kept.
    var samples: [Int64] { get }

    /// Continues with what an earlier process learnt.
    mutating func resume(_ samples: [Int64])

    /// Forgets what was learnt: the peer has restarted, and its clock with it.
    mutating func reset()

    /// Takes the parameter of `choice` and keeps what was learnt, if `choice` names this rule.
    ///
    /// - Returns: whether it does; nothing has changed otherwise.
    mutating func adopt(_ choice: DetectorChoice) -> Bool
}

extension SuspicionDetector {
    /// Learns from a fresh heartbeat; what does not learn intervals need not know the announced one.
    public mutating func record(_ heartbeat: LifeSign, interval: TimeSpan) { record(heartbeat) }

    /// What learns delays knows nothing of the time before a heartbeat.
    public mutating func learn(_ lesson: Lesson, from heartbeat: LifeSign, interval: TimeSpan) {
        if lesson.isOfDelay { record(heartbeat, interval: interval) }
    }

    /// The time from an arrival to the deadline that follows it.
    public func patience(interval: TimeSpan) -> TimeSpan {
        let origin = Instant(nanoseconds: 0)
        return max(
            deadline(after: LifeSign(sent: origin, arrived: origin), interval: interval) - origin, .zero)
    }

    /// A rule that no choice names, such as a library user's own, takes none.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool { false }

    /// Nothing is kept.
    public var samples: [Int64] { [] }

    /// What was never kept cannot be taken up.
    public mutating func resume(_ samples: [Int64]) {}
}

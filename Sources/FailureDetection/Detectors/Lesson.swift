/// What a fresh heartbeat teaches of the path.
///
/// A silence that was reported as a suspicion is an outage, one in which the sender sent nothing is a stall of its
/// own, and one in which we were away is ours. A detector that took them for delays of the path would be slow to
/// notice the next crash, for a thousand heartbeats. Everything else counts, losses above all: leaving out whatever
/// is long would breed suspicions (`ArrivalIntervals`).
public enum Lesson: Sendable, BitwiseCopyable, Hashable {
    /// Its delay, and the time since the heartbeat before.
    case all
    /// Its delay.
    case delay
    /// The time since the heartbeat before, as far as it had passed at the deadline.
    ///
    /// Where the deadline alone decides, a suspicion may be nothing but the deadline's fault, and then the detector has
    /// to learn that it was too early.
    case time(upTo: Instant)
    /// Nothing.
    case nothing

    /// Whether the delay of the heartbeat counts.
    var isOfDelay: Bool { self == .all || self == .delay }

    /// Up to when the time before a heartbeat counts; `nil` if not at all.
    func end(ofTimeBefore arrival: Instant) -> Instant? {
        switch self {
        case .all: arrival
        case .time(let end): min(end, arrival)
        case .delay, .nothing: nil
        }
    }

    /// The lesson for what learns from whole times only.
    var ofWholeTime: Lesson { if case .time = self { .nothing } else { self } }
}

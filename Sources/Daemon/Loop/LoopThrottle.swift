internal import FailureDetection

/// How often the loop turns where there is always something to do.
///
/// A turn costs several system calls, whether one datagram has arrived or twenty. With a thousand peers there is one
/// every fifty microseconds; gathered for a millisecond, they share the calls. While there is less to do than a turn a
/// millisecond, no call waits.
struct LoopThrottle {
    /// The time between turns when they are many.
    static let period = TimeSpan.milliseconds(1)
    /// So many turns may follow each other without a rest, for a crowd that comes simultaneously.
    static let burst: Int64 = 32

    /// When all turns so far would have been due, one every period (the generic cell rate algorithm, ITU-T I.371).
    private var due = Instant(nanoseconds: 0)

    /// Notes a turn that began at `now`, and says how long to rest after it: a period at most.
    mutating func rest(after now: Instant) -> TimeSpan {
        due = max(due, now) + Self.period
        return min(max(due - now - Self.period * Self.burst, .zero), Self.period)
    }
}

internal import FailureDetection

/// How long ago a service last showed progress, by a clock that stands while it cannot.
///
/// Invariant: before the first call of a generation it is never overdue, and each call has given it a time.
struct ProgressClock: Sendable, BitwiseCopyable {
    /// How long a service may make no call, where a call says nothing else; `nil` for no limit.
    private(set) var limit: TimeSpan?
    /// How much time the last call has given it.
    private(set) var given: TimeSpan?
    /// Whether the last call has named that time itself.
    private var isNamed = false
    /// When time has run out; `nil` before the first call of this generation.
    private var deadline: Instant?
    /// Since when the clock stands; `nil` while it runs.
    private var stoodSince: Instant?

    init(limit: TimeSpan?) { self.limit = limit }

    /// Whether a call has come in this generation.
    var hasBegun: Bool { deadline != nil }

    /// Takes another limit; the wait for the next call continues with it, unless the last call has named a time itself.
    mutating func setLimit(_ limit: TimeSpan?) {
        self.limit = limit
        guard let deadline, let former = given, !isNamed else { return }
        given = limit
        self.deadline = limit.map { deadline - former + $0 }
    }

    /// Continues where the process before left off: a service that hung still does, any other gets its time anew.
    mutating func resume(_ given: TimeSpan, isOverdue: Bool, at now: Instant) {
        (self.given, isNamed) = (given, given != limit)
        deadline = isOverdue ? now : now + given
    }

    /// Begins anew for another generation.
    mutating func restart() { deadline = nil }

    /// Takes a call, which may name the time until the next one; without any time it means nothing.
    mutating func noteCall(within: TimeSpan? = nil, at now: Instant) {
        guard let time = within ?? limit else { return }
        (given, isNamed) = (time, within != nil)
        start(time, at: now)
    }

    private mutating func start(_ time: TimeSpan, at now: Instant) {
        deadline = now + time
        if stoodSince != nil { stoodSince = now }
    }

    /// From which part of the time on that a service is given a pause has it begin anew.
    private static let longPause: Int64 = 4

    /// Takes into account that no call could be taken for so long.
    ///
    /// After a long pause the wait begins anew. A short one only moves its end: on a host where they come all the time a
    /// service that hangs would otherwise never be called so.
    mutating func notePause(of length: TimeSpan, at now: Instant) {
        guard hasBegun, let given else { return }
        guard length * Self.longPause < given else { return start(given, at: now) }
        deadline = deadline.map { $0 + length }
    }

    /// Lets the clock run, or stand.
    mutating func setRunning(_ isRunning: Bool, at now: Instant) {
        if isRunning, let since = stoodSince {
            deadline = deadline.map { $0 + (now - since) }
            stoodSince = nil
        } else if !isRunning, stoodSince == nil {
            stoodSince = now
        }
    }

    /// How much time is left for the next call; negative when it has run out.
    func timeLeft(at now: Instant) -> TimeSpan? { deadline.map { $0 - (stoodSince ?? now) } }

    /// When time runs out; never while the clock stands.
    var nextDeadline: Instant { stoodSince == nil ? deadline ?? .never : .never }

    /// Whether time has run out.
    func isOverdue(at now: Instant) -> Bool { nextDeadline <= now }
}

internal import FailureDetection

/// How long ago a service last showed progress, by a clock that stands while it cannot.
///
/// Invariant: without a limit, and before the first call of a generation, it is never overdue.
struct ProgressClock: Sendable, BitwiseCopyable {
    /// How long a service may make no call; `nil` for no limit.
    private(set) var limit: TimeSpan?
    /// When time has run out; `nil` before the first call of this generation.
    private var deadline: Instant?
    /// Since when the clock stands; `nil` while it runs.
    private var stoodSince: Instant?

    init(limit: TimeSpan?) { self.limit = limit }

    /// Whether a call has come in this generation.
    var hasBegun: Bool { deadline != nil }

    /// Takes another limit; the wait for the next call continues with it.
    mutating func setLimit(_ limit: TimeSpan?) {
        if let deadline, let former = self.limit, let limit {
            self.deadline = deadline - former + limit
        } else {
            deadline = nil
        }
        self.limit = limit
    }

    /// Begins anew for another generation.
    mutating func restart() { deadline = nil }

    /// Takes a call.
    mutating func noteCall(at now: Instant) {
        guard let limit else { return }
        deadline = now + limit
        if stoodSince != nil { stoodSince = now }
    }

    /// Begins the wait anew: no call could be taken until now.
    mutating func notePause(at now: Instant) {
        if hasBegun { noteCall(at: now) }
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

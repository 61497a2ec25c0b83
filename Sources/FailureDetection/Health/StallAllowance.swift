/// What one silence of a peer was forgiven, because we were away or lost datagrams.
///
/// What arrived while the loop did not run is read before any peer is judged, so a stall costs messages only when the
/// host stood still as a whole, its network included. That calls for patience, and patience has to end: a host that is
/// starved all the time must still find out that a peer has crashed. So a stall that is longer than all that was
/// forgiven before gives back its whole length, and an interval and a round trip, in which a heartbeat must come; shorter
/// ones share a budget of four times the interval and the margin. Whatever stalls one process has, with L the longest of them,
/// a deadline moves by no more than 2 (L + interval + round trip) + 4 (interval + margin); a time between two processes comes
/// in addition.
struct StallAllowance: Sendable, BitwiseCopyable {
    private var total = TimeSpan.zero
    private var spent = TimeSpan.zero
    private var hasBegun = false

    /// What a stall gives back.
    enum Grant: Sendable {
        /// All of it, and an interval besides.
        case whole
        /// So much of it.
        case part(TimeSpan)
    }

    /// What a stall that took `away` gives back now, when the budget for small ones is `budget`.
    mutating func grant(_ away: TimeSpan, budget: TimeSpan) -> Grant {
        guard hasBegun, away <= total else {
            hasBegun = true
            return .whole
        }
        let part = min(away, max(budget - spent, .zero))
        spent = spent + part
        return .part(part)
    }

    /// Notes by how much a deadline moved.
    mutating func note(_ moved: TimeSpan) { total = total + max(moved, .zero) }
}

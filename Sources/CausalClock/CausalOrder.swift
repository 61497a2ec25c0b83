/// How two events stand to each other in happened-before (Lamport, 1978).
public enum CausalOrder: String, Sendable {
    /// The first may have influenced the second.
    case before
    /// The second may have influenced the first.
    case after
    /// Neither can have influenced the other.
    case concurrent
    /// They are one event.
    case same
    /// Neither is known to have influenced the other, but one of the clocks is not exact, so it may have; or each clock
    /// includes the other event, so that one of them is wrong.
    case unknown
}

extension VectorClock {
    /// How this clock's latest event stands to `other`'s.
    ///
    /// Only the two owners' entries are read: *e* happened before *f* exactly when *f*'s clock includes *e*. That
    /// neither influenced the other is only said when both clocks are exact.
    public func order(to other: VectorClock) -> CausalOrder {
        if dot == other.dot { return .same }
        switch (other.includes(dot), includes(other.dot)) {
        case (true, false): return .before
        case (false, true): return .after
        case (true, true): return .unknown
        case (false, false): break
        }
        return isExact && other.isExact ? .concurrent : .unknown
    }
}

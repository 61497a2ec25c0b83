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
}

extension VectorClock {
    /// How this clock's latest event stands to `other`'s.
    ///
    /// Only the two owners' entries are read: *e* happened before *f* exactly when *f*'s clock includes *e*.
    public func order(to other: VectorClock) -> CausalOrder {
        if dot == other.dot { return .same }
        if other.includes(dot) { return .before }
        return includes(other.dot) ? .after : .concurrent
    }
}

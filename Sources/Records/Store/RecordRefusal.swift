/// Why a record was not taken into a store.
package enum RecordRefusal: Int, Sendable, BitwiseCopyable, CaseIterable {
    /// Its incarnation, or one that it removes, is more than a day ahead of the wall clock.
    case epochAhead
    /// Its event's number is 0 or beyond 2^53 − 1.
    case counterOutOfRange
    /// Its author is no member.
    case stranger
    /// Its incarnation was removed.
    case retired
    /// Its author has more services than a host may have; the one with the oldest record was dropped.
    case tooManyServices
    /// Its view lists more suspects than its author can have neighbours.
    case tooManySuspects
    /// It removes a host that is no member, and too many such removals are held.
    case tooManyRemovals
    /// It removes a host, and no host of this version writes that.
    case removal
}

/// How many records were refused, by reason.
package struct RefusalCounts: Sendable {
    private var counts = [UInt64](repeating: 0, count: RecordRefusal.allCases.count)

    /// How many were refused for `reason`.
    package subscript(_ reason: RecordRefusal) -> UInt64 { counts[reason.rawValue] }

    /// How many were refused in all.
    package var total: UInt64 { counts.reduce(0, &+) }

    mutating func count(_ reason: RecordRefusal) { counts[reason.rawValue] &+= 1 }
}

/// Turns the kernel's wall-clock receive stamps into instants of CLOCK_BOOTTIME, whatever is done to
/// the wall clock in between.
///
/// A stamp says what the wall clock showed when the datagram arrived; what is known of the wall clock
/// is its offset to boot time *now*. If the wall clock was set in between, that offset is wrong for
/// the stamp, by hours if need be. But an arrival is also hemmed in by two instants of boot time that
/// no one can set: it came after the socket was last seen empty, and before it was read. So
///
/// 1. the stamp is converted with the offset of this drain, sampled *after* the datagrams were taken;
/// 2. if that is up to 10 s too early, and the clock has not been set since that instant, the kernel
///    stamped the datagram and put it into the socket later: the host is starved, and the stamp says
///    by how much;
/// 3. else the clock was set after the arrival: the stamp is converted with the offset that held when
///    the socket was last empty;
/// 4. if that falls outside too, the clock was set twice: the nearer end is taken.
///
/// A step larger than the time since the socket was last empty is thus undone exactly; a smaller one
/// misplaces the arrivals of that one drain by at most its own size, and always within the two instants.
package struct ArrivalClock: Sendable {
    /// When the socket was last known to be empty.
    package private(set) var emptySince: Int64
    /// By how much a datagram may come into the socket later than it was stamped, in nanoseconds.
    private static let longestDelivery: Int64 = 10_000_000_000
    /// By how much the offset changes from drain to drain without the clock having been set.
    private static let slew: Int64 = 1_000_000

    /// Since when the wall clock has not been set, as far as is known.
    private var steadySince: Int64
    /// The offset that held then.
    private var offsetWhenEmpty: Int64
    /// The offset of this drain.
    private var offset: Int64

    /// Starts with a socket that has been empty since an instant of boot time, in nanoseconds.
    package init(emptySince: Int64, offset: Int64) {
        self.emptySince = emptySince
        steadySince = emptySince
        self.offset = offset
        offsetWhenEmpty = offset
    }

    /// Takes the offset (boot time minus wall time, ns) for the datagrams that were just received.
    package mutating func sample(offset: Int64) {
        let isSteady = (-Self.slew...Self.slew).contains(offset &- self.offset)
        if !isSteady { steadySince = .max }
        self.offset = offset
    }

    /// Takes note that everything that had arrived by `now` was received.
    package mutating func socketWasEmptied(at now: Int64) {
        emptySince = max(emptySince, now)
        if steadySince == .max { steadySince = now }
        offsetWhenEmpty = offset
    }

    /// The instant of boot time at which a datagram arrived.
    /// - Parameters:
    ///   - realtime: the kernel's stamp, wall-clock nanoseconds.
    ///   - now: the instant of this turn, read before the drain. What arrives during the drain is
    ///     given this instant, so that nothing is ever judged to have come from the future.
    /// - Returns: nanoseconds of boot time, never after `now`.
    package func boottime(ofStamp realtime: Int64, now: Int64) -> Int64 {
        // Wrapping, because a stamp is input like any other: nonsense is clamped, it does not trap.
        let current = realtime &+ offset
        if isPossible(current, now: now) || isLateDelivery(current, now: now) { return current }
        let earlier = realtime &+ offsetWhenEmpty
        if isPossible(earlier, now: now) { return earlier }
        return min(max(current, emptySince), now)
    }

    /// Whether the kernel may have stamped a datagram then that it put into the socket only after that was last empty.
    private func isLateDelivery(_ instant: Int64, now: Int64) -> Bool {
        instant < emptySince && instant >= steadySince && instant >= now &- Self.longestDelivery
    }

    private func isPossible(_ instant: Int64, now: Int64) -> Bool {
        instant >= emptySince && instant <= now
    }
}

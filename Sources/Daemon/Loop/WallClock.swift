internal import FailureDetection
internal import LinuxIO

/// Instants of the loop's clock as wall-clock microseconds, for people.
///
/// The offset is sampled once a turn. After the wall clock was set, past instants are shown on the new clock, so
/// that their distance from the present stays right.
struct WallClock {
    private var offset: Int64

    init() { offset = -Clocks.realtimeToBoottimeOffset() }

    /// Checks the wall clock again.
    mutating func refresh() { offset = Clocks.realtime() - Clocks.boottime() }

    /// Microseconds since 1970-01-01 at `instant`.
    func microseconds(_ instant: Instant) -> Int {
        Int((instant + TimeSpan(nanoseconds: offset)).nanoseconds / 1_000)
    }

    /// Seconds since 1970-01-01 at `instant`; 0 before.
    func seconds(_ instant: Instant) -> UInt64 { UInt64(clamping: microseconds(instant) / 1_000_000) }
}

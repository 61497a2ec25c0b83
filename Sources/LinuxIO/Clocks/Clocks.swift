internal import CLinux
internal import Glibc

/// The kernel's clocks in nanoseconds.
///
/// Instants of different clocks must not be compared.
package enum Clocks {
    /// Time since the boot, suspended time included: the clock of every deadline.
    package static func boottime() -> Int64 { clinux_clock(clinux_clock_boottime) }

    /// Time since the boot without the time spent suspended.
    package static func monotonic() -> Int64 { clinux_clock(CLOCK_MONOTONIC) }

    /// Wall-clock time since 1970, which can be set at any moment: for people and kernel stamps only.
    package static func realtime() -> Int64 { clinux_clock(CLOCK_REALTIME) }

    /// The same in whole seconds, as epochs are made of; 0 before 1970.
    package static func realtimeSeconds() -> UInt64 { UInt64(clamping: realtime() / 1_000_000_000) }

    /// Waits for less than a second; shorter when a signal comes, and not at all for zero.
    package static func rest(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return }
        var time = timespec(tv_sec: 0, tv_nsec: Int(min(nanoseconds, 999_999_999)))
        nanosleep(&time, nil)
    }

    /// What to add to a wall-clock instant of this moment to get the boot-time instant.
    ///
    /// The wall clock is read between two reads of the other clock, three times over, and the tightest
    /// bracket wins: an interruption between the reads widens one bracket, hardly all three.
    package static func realtimeToBoottimeOffset() -> Int64 {
        var best = OffsetSample.take()
        for _ in 1..<3 {
            let sample = OffsetSample.take()
            if sample.width < best.width { best = sample }
        }
        return best.offset
    }
}

/// One bracketed reading of two clocks.
private struct OffsetSample {
    /// The time between the outer two reads: twice the largest possible error.
    let width: Int64
    /// Boot time minus wall time, at the middle of the bracket.
    let offset: Int64

    static func take() -> OffsetSample {
        let before = Clocks.boottime()
        let wall = Clocks.realtime()
        let after = Clocks.boottime()
        return OffsetSample(width: after - before, offset: before + (after - before) / 2 - wall)
    }
}

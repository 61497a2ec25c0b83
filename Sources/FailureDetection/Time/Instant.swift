/// A length of time in nanoseconds, positive or negative; 292 years at most.
///
/// The core counts time in 64-bit integers: adding two costs a nanosecond, results are the same on every machine,
/// and sums saturate instead of trapping, because lengths arrive from the network.
public struct TimeSpan: Sendable, BitwiseCopyable, Hashable, Comparable, Codable {
    /// The length in nanoseconds.
    public var nanoseconds: Int64

    /// A length of `nanoseconds`.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// No time at all.
    public static let zero = TimeSpan(nanoseconds: 0)
    /// The longest length.
    public static let maximum = TimeSpan(nanoseconds: .max)

    /// A length of whole microseconds.
    public static func microseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count) * 1_000 }
    /// A length of whole milliseconds.
    public static func milliseconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count) * 1_000_000 }
    /// A length of whole seconds.
    public static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(nanoseconds: count) * 1_000_000_000 }

    /// The length in whole microseconds, rounded towards zero.
    public var microseconds: Int64 { nanoseconds / 1_000 }

    /// Compares lengths.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The sum, saturated.
    public static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: saturatingSum(left.nanoseconds, right.nanoseconds))
    }

    /// The difference, saturated.
    public static func - (left: TimeSpan, right: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
    }

    /// The product, saturated.
    public static func * (left: TimeSpan, right: Int64) -> TimeSpan {
        let (product, overflow) = left.nanoseconds.multipliedReportingOverflow(by: right)
        guard overflow else { return TimeSpan(nanoseconds: product) }
        return TimeSpan(nanoseconds: (left.nanoseconds < 0) == (right < 0) ? .max : .min)
    }

    /// The quotient, rounded towards zero; `right` must not be zero.
    public static func / (left: TimeSpan, right: Int64) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds / right)
    }
}

/// A point on the one monotonic clock of this host, in nanoseconds.
///
/// Which clock that is, is the caller's choice; the daemon's is CLOCK_BOOTTIME, so that the time a host slept
/// counts. Instants of two hosts cannot be compared; differences of one host's instants can.
public struct Instant: Sendable, BitwiseCopyable, Hashable, Comparable, Codable {
    /// Nanoseconds since the clock's origin.
    public var nanoseconds: Int64

    /// The point `nanoseconds` after the clock's origin.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A point that never comes.
    public static let never = Instant(nanoseconds: .max)

    /// Compares points of one clock.
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The point `span` later, saturated.
    public static func + (instant: Instant, span: TimeSpan) -> Instant {
        Instant(nanoseconds: saturatingSum(instant.nanoseconds, span.nanoseconds))
    }

    /// The point `span` earlier, saturated.
    public static func - (instant: Instant, span: TimeSpan) -> Instant {
        Instant(nanoseconds: saturatingDifference(instant.nanoseconds, span.nanoseconds))
    }

    /// The time from `right` to `left`, saturated.
    public static func - (left: Instant, right: Instant) -> TimeSpan {
        TimeSpan(nanoseconds: saturatingDifference(left.nanoseconds, right.nanoseconds))
    }
}

private func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard overflow else { return sum }
    return left < 0 ? .min : .max
}

private func saturatingDifference(_ left: Int64, _ right: Int64) -> Int64 {
    let (difference, overflow) = left.subtractingReportingOverflow(right)
    guard overflow else { return difference }
    return left < 0 ? .min : .max
}

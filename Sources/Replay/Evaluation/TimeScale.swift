package import FailureDetection

/// How many ticks a nanosecond has for the detectors.
///
/// Detectors count time in integers and do not know of what. To compare with figures that were computed in floating
/// point, a replay counts sixteenths of a nanosecond: the mean interval of a trace is no whole number, and over
/// ten thousand heartbeats its fraction would add up to microseconds. To see what the daemon does, it counts
/// nanoseconds as the daemon does, for then its limits and floors mean what they say.
package struct TimeScale: Sendable, BitwiseCopyable, Hashable {
    /// Ticks in a nanosecond.
    package let ticks: Int64

    /// Sixteenths of a nanosecond.
    package static let fine = TimeScale(ticks: 16)
    /// Nanoseconds.
    package static let nanoseconds = TimeScale(ticks: 1)

    /// The length of `seconds`, saturated.
    package func span(seconds: Double) -> TimeSpan { span(nanoseconds: seconds * 1e9) }

    /// The length of `nanoseconds`, saturated.
    package func span(nanoseconds: Double) -> TimeSpan { TimeSpan(rounding: nanoseconds * Double(ticks)) }

    /// How many seconds `span` is.
    package func seconds(_ span: TimeSpan) -> Double { Double(span.nanoseconds) / (Double(ticks) * 1e9) }
}

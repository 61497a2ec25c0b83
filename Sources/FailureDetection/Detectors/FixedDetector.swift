/// The classic detector: a timer that every heartbeat starts anew.
///
///     τ = A + timeout        or        τ = A + n/2 · I
///
/// It is what most home-made monitors and BFD (RFC 5880, detect multiplier × interval) do. It knows nothing of the
/// link, so its detection time contains the whole delay of the last heartbeat, and a late heartbeat lengthens the
/// deadline that follows. It is here because it is simple to reason about, and to compare others with.
///
/// A timeout in time units stays what it is when the sender is retuned; one in intervals follows the interval I that
/// the sender announces, as BFD's does.
public struct FixedDetector: SuspicionDetector {
    /// The silence that is accepted.
    public internal(set) var timeout: FixedTimeout

    /// Makes a detector with its timeout, which should exceed the heartbeat interval.
    public init(timeout: TimeSpan) { self.init(.span(timeout)) }

    /// Makes a detector whose timeout is a time, or follows the interval.
    public init(_ timeout: FixedTimeout) { self.timeout = timeout }

    /// Learns nothing: the timeout is fixed.
    public mutating func record(_ heartbeat: LifeSign) {}

    /// The deadline τ, the timeout after the arrival.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        sign.arrived + timeout.length(at: interval)
    }

    /// Has nothing to forget.
    public mutating func reset() {}

    /// Takes the timeout of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .fixed(let timeout) = choice else { return false }
        self.timeout = timeout
        return true
    }
}

/// The silence that `FixedDetector` accepts.
public enum FixedTimeout: Sendable, BitwiseCopyable, Hashable {
    /// A time, whatever the sender announces.
    case span(TimeSpan)
    /// So many halves of the announced interval.
    case halfIntervals(Int64)

    /// Its length when heartbeats come every `interval`.
    public func length(at interval: TimeSpan) -> TimeSpan {
        switch self {
        case .span(let span): span
        case .halfIntervals(let count): interval * count / 2
        }
    }
}

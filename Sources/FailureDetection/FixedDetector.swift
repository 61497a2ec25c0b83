/// The classic detector: a timer that every heartbeat starts anew.
///
///     τ = A + timeout
///
/// It is what most home-made monitors and BFD (RFC 5880, detect multiplier × interval) do. It knows nothing of the
/// link, so its detection time contains the whole delay of the last heartbeat, and a late heartbeat lengthens the
/// deadline that follows. It is here because it is simple to reason about, and to compare others with.
public struct FixedDetector: SuspicionDetector {
    /// Time from an arrival to the deadline.
    public let timeout: TimeSpan

    /// Makes a detector with its timeout, which should exceed the heartbeat interval.
    public init(timeout: TimeSpan) { self.timeout = timeout }

    /// Learns nothing: the timeout is fixed.
    public mutating func record(_ heartbeat: LifeSign) {}

    /// The deadline τ, `timeout` after the arrival.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant { sign.arrived + timeout }

    /// Has nothing to forget.
    public mutating func reset() {}
}

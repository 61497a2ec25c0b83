/// The exponential φ: ED-FD of Xiong and Défago, and the detector of Cassandra.
///
///     φ(t) = (t − A) / (ln 10 · mean₁₀₀₀(X))        suspect from φ(t) = Φ on, that is from
///     τ = A + Φ · ln 10 · mean₁₀₀₀(X)
///
/// X are the times between arrivals. If they were exponentially distributed, a silence of t would be exceeded with
/// probability e^(−t/mean), whose −log₁₀ is φ (Xiong, Vasilakos, Yang, Song and Défago, "A self-tuning failure
/// detection scheme for cloud computing", and Cassandra's FailureDetector). Heartbeats are nothing of the kind, they
/// are nearly periodic; so in truth this is a fixed timeout of 2.303·Φ mean intervals that follows the mean: 18 of
/// them at Cassandra's default of 8. It needs no σ, cannot be confused by a window of equal intervals, and on links
/// that lose in runs it is as good as any.
///
/// Cassandra leaves intervals longer than twice the usual out of its window. With losses the mean collapses then,
/// and suspicions follow; here a long interval counts, up to a limit that `ArrivalIntervals` explains.
public struct ExponentialDetector: AccrualDetector {
    /// Φ, the level from which the peer is suspected; 0.01 to 1,000.
    public internal(set) var threshold: Double {
        didSet { multiple = Self.logarithmOf10 * AccrualLevel.clamped(threshold) }
    }

    private static let logarithmOf10 = 2.302585092994045684018
    /// Φ · ln 10: how many mean intervals the deadline lies after the arrival.
    private var multiple: Double
    private var intervals: ArrivalIntervals

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - threshold: Φ; 1 is a timeout of 2.3 intervals, 8 one of 18.4.
    ///   - window: the number of intervals averaged, 2,048 at most.
    ///   - outageCeiling: as how many announced intervals a longer one counts; `nil` to learn any length.
    public init(threshold: Double, window: Int = 1_000, outageCeiling: Int64? = 16) {
        self.threshold = AccrualLevel.clamped(threshold)
        multiple = Self.logarithmOf10 * AccrualLevel.clamped(threshold)
        intervals = ArrivalIntervals(capacity: window, ceiling: outageCeiling)
    }

    /// Learns the time since the heartbeat before; the announced interval is unknown.
    public mutating func record(_ heartbeat: LifeSign) { record(heartbeat, interval: .zero) }

    /// Learns the time since the heartbeat before, as its excess over the announced `interval`.
    public mutating func record(_ heartbeat: LifeSign, interval: TimeSpan) {
        intervals.record(arrival: heartbeat.arrived, announced: interval)
    }

    /// Learns of the time since the heartbeat before what that teaches; a silence of as many mean intervals as make a
    /// suspicion is an outage, however soon it ends.
    public mutating func learn(_ lesson: Lesson, from heartbeat: LifeSign, interval: TimeSpan) {
        intervals.learn(lesson.ofWholeTime, from: heartbeat.arrived, announced: interval)
    }

    /// The deadline τ; before two heartbeats have come, the mean is `interval`.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        deadline(after: sign, interval: interval, multiple: multiple)
    }

    /// The instant at which φ reaches `level`.
    public func deadline(after sign: LifeSign, interval: TimeSpan, level: Double) -> Instant {
        deadline(after: sign, interval: interval, multiple: Self.logarithmOf10 * AccrualLevel.clamped(level))
    }

    /// φ at `now`.
    public func level(at now: Instant, after sign: LifeSign, interval: TimeSpan) -> Double {
        let mean = max(intervals.mean(at: interval).nanoseconds, 1)
        return max(0, Double((now - sign.arrived).nanoseconds) / (Self.logarithmOf10 * Double(mean)))
    }

    /// Takes the threshold of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .exponential(let threshold) = choice else { return false }
        self.threshold = threshold
        return true
    }

    /// The last intervals.
    public var samples: [Int64] { intervals.samples }

    /// Continues with them.
    public mutating func resume(_ samples: [Int64]) { intervals.resume(samples) }

    /// Forgets all intervals.
    public mutating func reset() { intervals.removeAll() }

    private func deadline(after sign: LifeSign, interval: TimeSpan, multiple: Double) -> Instant {
        sign.arrived + TimeSpan(rounding: multiple * Double(intervals.mean(at: interval).nanoseconds))
    }
}

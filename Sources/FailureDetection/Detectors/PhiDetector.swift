/// The φ accrual detector of Hayashibara, Défago, Yared and Katayama.
///
///     φ(t) = −log₁₀ Q((t − A − μ) / σ)        suspect from φ(t) = Φ on, that is from
///     τ = A + μ + σ·z        where −log₁₀ Q(z) = Φ
///
/// "The φ accrual failure detector", SRDS 2004. μ and σ are mean and standard deviation of the last thousand times
/// between arrivals, Q the upper tail of the normal distribution. φ = 1 is meant to be wrong one time in ten, φ = 8
/// one in a hundred million.
///
/// It is a scale and not a probability: real intervals are no normal distribution. Losses make some of them twice as
/// long, which widens σ, so the detector adapts to a lossy link; skewed delays make φ = 8 wrong once in a thousand.
/// Its deadline counts from the arrival, so the delay of the last heartbeat is part of the detection time.
///
/// φ is not evaluated on heartbeats. Q is inverted once for the threshold, and each heartbeat costs one addition and
/// one root. `minimumDeviation` keeps σ from vanishing on a quiet link, where noise of microseconds would then trip
/// the deadline. Outages are kept from poisoning the window as described in `ArrivalIntervals`.
public struct PhiDetector: AccrualDetector {
    /// Φ, the level from which the peer is suspected; 0.01 to 1,000.
    public internal(set) var threshold: Double {
        didSet { z = NormalTail.quantile(of: AccrualLevel.clamped(threshold)) }
    }
    /// The least σ.
    public let minimumDeviation: TimeSpan

    private var z: Double
    private var intervals: ArrivalIntervals

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - threshold: Φ; 8 is usual.
    ///   - window: the number of intervals learnt from, 2,048 at most.
    ///   - minimumDeviation: the least σ, positive unless arrivals are known to be noisy.
    ///   - outageCeiling: as how many announced intervals a longer one counts; `nil` to learn any length.
    public init(
        threshold: Double, window: Int = 1_000, minimumDeviation: TimeSpan = .milliseconds(10),
        outageCeiling: Int64? = 16
    ) {
        self.threshold = AccrualLevel.clamped(threshold)
        self.minimumDeviation = minimumDeviation
        z = NormalTail.quantile(of: AccrualLevel.clamped(threshold))
        intervals = ArrivalIntervals(capacity: window, ceiling: outageCeiling)
    }

    /// Learns the time since the heartbeat before; the announced interval is unknown.
    public mutating func record(_ heartbeat: LifeSign) { record(heartbeat, interval: .zero) }

    /// Learns the time since the heartbeat before, as its excess over the announced `interval`.
    public mutating func record(_ heartbeat: LifeSign, interval: TimeSpan) {
        intervals.record(arrival: heartbeat.arrived, announced: interval)
    }

    /// Learns of the time since the heartbeat before what that teaches.
    public mutating func learn(_ lesson: Lesson, from heartbeat: LifeSign, interval: TimeSpan) {
        intervals.learn(lesson, from: heartbeat.arrived, announced: interval)
    }

    /// The deadline τ; before two heartbeats have come, μ is `interval` and σ a quarter of it, as in Akka.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        deadline(after: sign, interval: interval, z: z)
    }

    /// The instant at which φ reaches `level`.
    public func deadline(after sign: LifeSign, interval: TimeSpan, level: Double) -> Instant {
        deadline(after: sign, interval: interval, z: NormalTail.quantile(of: AccrualLevel.clamped(level)))
    }

    /// φ at `now`.
    public func level(at now: Instant, after sign: LifeSign, interval: TimeSpan) -> Double {
        let lateness = (now - sign.arrived) - intervals.mean(at: interval)
        let deviation = max(deviation(at: interval), 1)
        return max(0, NormalTail.level(of: Double(lateness.nanoseconds) / deviation))
    }

    /// Takes the threshold of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .phi(let threshold) = choice else { return false }
        self.threshold = threshold
        return true
    }

    /// The last intervals.
    public var samples: [Int64] { intervals.samples }

    /// Continues with them.
    public mutating func resume(_ samples: [Int64]) { intervals.resume(samples) }

    /// Forgets all intervals.
    public mutating func reset() { intervals.removeAll() }

    private func deadline(after sign: LifeSign, interval: TimeSpan, z: Double) -> Instant {
        sign.arrived + intervals.mean(at: interval) + TimeSpan(rounding: deviation(at: interval) * z)
    }

    private func deviation(at interval: TimeSpan) -> Double {
        max(intervals.deviation(at: interval), Double(minimumDeviation.nanoseconds))
    }
}

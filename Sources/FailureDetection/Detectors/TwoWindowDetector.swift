/// 2W-FD of Tomsic, Sens, Garcia, Arantes and Sopena, on the sender's stamps.
///
///     τ = σ + I + max(A − σ, mean₁₀₀₀(A − σ)) + margin
///
/// "2W-FD: a failure detector algorithm with QoS", IPDPS 2015. NFD-E with a long window is accurate on a calm link and
/// slow to see that it became slow; with a short window it is nervous. So they run two, of one heartbeat and of a
/// thousand, and believe whichever expects the later arrival. One late heartbeat is enough to widen the next
/// deadline, and one in time to narrow it again.
///
/// That suits stalls, which come in runs: on recorded Wi-Fi it halves the time spent in wrong suspicion. The price is
/// the detection time after a late heartbeat, five or six times the usual one at the worst, so a promise on its 99th
/// percentile is kept better by `MedianDetector`. `cap` bounds that excess over the smallest recent delay.
public struct TwoWindowDetector: SuspicionDetector {
    /// Δto, time added to the expected arrival.
    public internal(set) var margin: TimeSpan
    /// The most that the expected delay may exceed the recent minimum.
    public var cap: TimeSpan { delays.cap }

    private var delays: StampedDelays
    private var latest: Int64?

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - margin: Δto, zero or more.
    ///   - window: the length of the long window; the short one has length 1.
    ///   - cap: the most that the expected delay may rise over its recent minimum.
    public init(margin: TimeSpan, window: Int = 1_000, cap: TimeSpan = .seconds(2)) {
        self.margin = margin
        delays = StampedDelays(window: window, cap: cap)
    }

    /// Learns the delay of a fresh heartbeat.
    public mutating func record(_ heartbeat: LifeSign) { learn(heartbeat.delay.nanoseconds) }

    private mutating func learn(_ delay: Int64) {
        delays.append(delay)
        latest = delay
    }

    /// The deadline τ after a sign of life; without any heartbeat yet, its own delay is the expected one.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        sign.sent + interval + (expectedDelay ?? sign.delay) + margin
    }

    /// Takes the margin of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .twoWindow(let margin) = choice else { return false }
        self.margin = margin
        return true
    }

    /// The last delays.
    public var samples: [Int64] { delays.latest }

    /// Continues with them.
    public mutating func resume(_ samples: [Int64]) {
        reset()
        for delay in samples { learn(delay) }
    }

    /// Forgets all delays.
    public mutating func reset() {
        delays.removeAll()
        latest = nil
    }

    private var expectedDelay: TimeSpan? {
        guard let mean = delays.mean, let latest else { return nil }
        return delays.bounded(TimeSpan(nanoseconds: max(latest, mean)))
    }
}

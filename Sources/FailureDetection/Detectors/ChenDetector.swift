/// NFD-E of Chen, Toueg and Aguilera, on the sender's stamps.
///
///     τ = σ + I + mean₁₀₀₀(A − σ) + α
///
/// "On the quality of service of failure detectors", IEEE Transactions on Computers 51(5), 2002. Their detector
/// expects the next heartbeat where the last ones would have it, EA = mean(A − η·s) + η·(s + 1), and gives it a
/// constant margin α on top: the deadline is anchored where the heartbeat was *sent*, so a late heartbeat does not
/// lengthen the deadline that follows, and the detection time is bounded by η + α + E(D).
///
/// Their heartbeats carry numbers and leave on the stroke of a nominal interval η. Real senders drift and stall, and
/// then η·s is not when they sent: on recorded 5G links that form suspects a third of all heartbeats wrongly. Ours
/// carry stamps, and σ replaces η·s. With a sender that keeps its timetable the two are the same.
///
/// The paper's analysis, and the configuration procedure of `ConfigurationProcedure`, hold for this form. It differs
/// from `MedianDetector` in the estimator alone: a mean of many is the better one for well-behaved delays, a median
/// of few forgets a stall sooner. `cap` bounds how far the mean may rise over the smallest recent delay, so that a
/// stall of many heartbeats cannot lengthen the next thousand deadlines without limit.
public struct ChenDetector: SuspicionDetector {
    /// α, time added to the expected arrival.
    public internal(set) var margin: TimeSpan
    /// The most that the mean may exceed the recent minimum.
    public var cap: TimeSpan { delays.cap }

    private var delays: StampedDelays

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - margin: α, zero or more.
    ///   - window: the number of delays averaged; the paper simulates 32, later comparisons use 1,000.
    ///   - cap: the most that the mean may rise over its recent minimum.
    public init(margin: TimeSpan, window: Int = 1_000, cap: TimeSpan = .milliseconds(500)) {
        self.margin = margin
        delays = StampedDelays(window: window, cap: cap)
    }

    /// Learns the delay of a fresh heartbeat.
    public mutating func record(_ heartbeat: LifeSign) { delays.append(heartbeat.delay.nanoseconds) }

    /// The deadline τ after a sign of life; without any heartbeat yet, its own delay is the expected one.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        let expected = delays.mean.map { delays.bounded(TimeSpan(nanoseconds: $0)) }
        return sign.sent + interval + (expected ?? sign.delay) + margin
    }

    /// Takes the margin of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .chen(let margin) = choice else { return false }
        self.margin = margin
        return true
    }

    /// The last delays.
    public var samples: [Int64] { delays.latest }

    /// Continues with them.
    public mutating func resume(_ samples: [Int64]) {
        reset()
        for delay in samples { delays.append(delay) }
    }

    /// Forgets all delays.
    public mutating func reset() { delays.removeAll() }
}

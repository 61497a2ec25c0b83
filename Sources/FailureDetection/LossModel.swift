internal import CMath

/// How a path loses: how much, and how much more after a loss.
///
/// The configuration procedure of Chen, Toueg and Aguilera takes losses for independent, and on real paths they are
/// not: they come in bursts, and a product of independent chances then promises a month where it is an hour. Sotoma
/// and Madeira ("Adaptation of the QoS of failure detectors under burst losses", Unicamp 2008) replace it by a chain
/// of two states, good and bad, and so do we (Gilbert's model). Two numbers describe it: the rate, and the chance
/// that a heartbeat is lost when the one before it was, at the interval they were measured at.
///
/// Between two messages that lie a time t apart the memory of the chain fades as ρ^(t / interval), ρ being the
/// correlation of neighbours. So retuning the interval, or pinging at shorter distances, changes the chances in the
/// right direction: nothing is gained by asking three times within one burst.
public struct LossModel: Sendable, BitwiseCopyable, Hashable {
    /// The share of messages that are lost, 0 to 1.
    public let rate: Double
    /// The chance that a message is lost when the one before it was; `rate` when losses are independent.
    public let persistence: Double
    /// The time between the messages of which `persistence` was measured.
    public let interval: TimeSpan

    /// A path whose losses are independent.
    public init(independent rate: Double) {
        self.init(rate: rate, persistence: rate, interval: .seconds(1))
    }

    /// A path that loses in bursts.
    ///
    /// - Parameters:
    ///   - rate: brought into 0…1; what is no number counts as 1.
    ///   - persistence: brought into `rate`…1; a burst has 1/(1 − persistence) messages on average.
    ///   - interval: the time between the messages measured; a nanosecond at least.
    public init(rate: Double, persistence: Double, interval: TimeSpan) {
        self.rate = rate.isNaN ? 1 : min(max(rate, 0), 1)
        self.persistence = persistence.isNaN ? 1 : min(max(persistence, self.rate), 1)
        self.interval = max(interval, TimeSpan(nanoseconds: 1))
    }

    /// The chance that a message is lost when one that was sent `gap` seconds before it was.
    func lossAfterLoss(gap: Double) -> Double {
        let correlation = rate < 1 ? (persistence - rate) / (1 - rate) : 1
        guard correlation > 0 else { return rate }
        let steps = max(gap, 0) / (Double(interval.nanoseconds) / 1e9)
        return rate + (1 - rate) * cmath_exp(steps * cmath_log(correlation))
    }
}

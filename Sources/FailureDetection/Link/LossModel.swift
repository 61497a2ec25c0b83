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
///
/// What is shorter than the time between the messages measured leaves no trace in two numbers: a path that fails for 20 ms
/// every now and then seems to lose heartbeats independently. So a path that was measured is taken to have a memory of
/// 10 ms at least, or pings would be believed to be worth more than they are.
public struct LossModel: Sendable, BitwiseCopyable, Hashable {
    /// The share of messages that are lost, 0 to 1.
    public let rate: Double
    /// The chance that a message is lost when the one before it was; `rate` when losses are independent.
    public let persistence: Double
    /// The time between the messages of which `persistence` was measured.
    public let interval: TimeSpan
    /// The memory that is assumed of bursts too short to be measured; zero for none.
    public let memory: TimeSpan

    /// The memory assumed of a path of which nothing better is known.
    public static let assumedMemory = TimeSpan.milliseconds(10)

    /// A path whose losses are independent, but for bursts too short to matter to heartbeats.
    public init(independent rate: Double, memory: TimeSpan = .zero) {
        self.init(rate: rate, persistence: rate, interval: .seconds(1), memory: memory)
    }

    /// A path that loses in bursts.
    ///
    /// - Parameters:
    ///   - rate: brought into 0…1; what is no number counts as 1.
    ///   - persistence: brought into `rate`…1; a burst has 1/(1 − persistence) messages on average.
    ///   - interval: the time between the messages measured; a nanosecond at least.
    ///   - memory: the time after which an unseen burst is over with a chance of 63 %.
    public init(rate: Double, persistence: Double, interval: TimeSpan, memory: TimeSpan = .zero) {
        self.memory = max(memory, .zero)
        self.rate = rate.isNaN ? 1 : min(max(rate, 0), 1)
        self.persistence = persistence.isNaN ? 1 : min(max(persistence, self.rate), 1)
        self.interval = max(interval, TimeSpan(nanoseconds: 1))
    }

    /// The worse of two paths, in each respect.
    func worse(_ other: LossModel) -> LossModel {
        let burstier = persistence >= other.persistence ? self : other
        return LossModel(
            rate: max(rate, other.rate), persistence: burstier.persistence, interval: burstier.interval,
            memory: max(memory, other.memory))
    }

    /// The chance that a message is lost when one that was sent `gap` seconds before it was.
    func lossAfterLoss(gap: Double) -> Double {
        let seen = rate < 1 ? (persistence - rate) / (1 - rate) : 1
        let gap = max(gap, 0)
        let faded = seen > 0 ? cmath_exp(gap / interval.inSeconds * cmath_log(seen)) : 0
        let unseen = memory > .zero ? cmath_exp(-gap / memory.inSeconds) : 0
        return rate + (1 - rate) * max(faded, unseen)
    }
}

/// What was measured of the path from a peer, and what may be done about it.
public struct PathQuality: Sendable, BitwiseCopyable, Hashable {
    /// How the path loses.
    public var loss: LossModel
    /// The standard deviation of the one-way delay.
    public var delayDeviation: TimeSpan
    /// The mean one-way delay, which is part of the detection time; zero if the target does not count it.
    public var expectedDelay: TimeSpan
    /// The mean round trip of a ping; `nil` where no pings are sent (`mode = "heartbeat"`).
    public var roundTrip: TimeSpan?

    /// Gathers measurements of a path.
    public init(
        loss: LossModel, delayDeviation: TimeSpan, expectedDelay: TimeSpan = .zero, roundTrip: TimeSpan? = nil
    ) {
        self.loss = loss
        self.delayDeviation = delayDeviation
        self.expectedDelay = expectedDelay
        self.roundTrip = roundTrip
    }

    /// What is taken for true of a path that was not measured yet: one message in a hundred is lost, and
    /// takes 10 ms ± 10 ms.
    public static let assumed = PathQuality(
        loss: LossModel(independent: 0.01, memory: LossModel.assumedMemory),
        delayDeviation: .milliseconds(10), expectedDelay: .milliseconds(10),
        roundTrip: .milliseconds(20))
}

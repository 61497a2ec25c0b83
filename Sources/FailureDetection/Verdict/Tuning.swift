/// Numbers that steer judging and that no derivation gives: chosen, tried in the simulator, and no better than that.
///
/// A number with a derivation, from a paper, a probability or a bench, stands where it is used and says which
/// (`LossCounter`, `PingRound`, `LagScore`, `RoundTripEstimator`). What is here may be changed by a measurement.
enum Tuning {
    /// For how many intervals a witness's claim that a peer is running counts: news of one heartbeat and a half each way.
    static let claimIntervals: Int64 = 3
    /// For how many intervals a denial counts: twice as long, so that a liar's next claim does not come alone.
    static let denialIntervals: Int64 = 6
    /// For how many intervals it counts as proved that a silent peer hears us.
    static let hearingIntervals: Int64 = 12
    /// For how many of its own intervals indirect news of a peer counts.
    static let newsIntervals: Int64 = 6

    /// How many messages in a row a peer must leave unacknowledged until it counts as not hearing us: at 10 % loss that
    /// happens by chance once in 10¹⁰ times.
    static let unheardMessages = 10
    /// For how many intervals, besides: at a high rate ten messages are no time, and its acknowledgements come with its own.
    static let unheardIntervals: Int64 = 5

    /// The most pings of a round while the peer's port is reported closed: the report is the better evidence.
    static let pingsAtClosedPort = 3
    /// How many heartbeats in a row must be late by one constant until the sender's clock counts as set back.
    static let clockStepHeartbeats = 3
    /// By which part of the interval the spacing of such heartbeats may vary.
    static let clockStepSpread: Int64 = 2
}

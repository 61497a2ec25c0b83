/// The pings that follow a missed deadline: RFC 6298's timeout, doubled with every retry, up to a longest wait.
struct PingSchedule: Sendable {
    let retries: Int
    /// The waits after each ping, in seconds.
    let waits: [Double]
    /// The mean round trip, in seconds.
    let roundTrip: Double

    init(retries: Int, roundTrip: TimeSpan, deviation: TimeSpan, maximumTimeout: TimeSpan) {
        self.retries = retries
        self.roundTrip = roundTrip.inSeconds
        let first =
            roundTrip.inSeconds + max(RoundTripEstimator.granularity.inSeconds, 4 * deviation.inSeconds)
        waits = (0...retries).map { min(first * Double(1 << $0), maximumTimeout.inSeconds) }
    }

    /// How long all pings take when none is answered, in seconds.
    var duration: Double { waits.reduce(0, +) }
}

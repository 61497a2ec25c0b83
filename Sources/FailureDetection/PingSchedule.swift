/// The pings that follow a missed deadline, as they are planned: RFC 6298's timeout apart, up to a longest wait.
struct PingSchedule: Sendable {
    let retries: Int
    /// The wait after each ping, in seconds.
    let wait: Double
    /// The mean round trip, in seconds.
    let roundTrip: Double

    init(retries: Int, wait: Double, roundTrip: Double) {
        self.retries = retries
        self.wait = wait
        self.roundTrip = roundTrip
    }

    /// The schedules that are worth a look on `path`, the shortest wait first.
    ///
    /// RFC 6298's timeout is the least that makes sense; two, four and eight times as much survive longer bursts.
    static func candidates(_ retries: Int, on path: PathQuality, maximumTimeout: TimeSpan) -> [PingSchedule] {
        guard let roundTrip = path.roundTrip?.inSeconds else { return [] }
        let spread = max(RoundTripEstimator.granularity.inSeconds, 4 * path.delayDeviation.inSeconds)
        let longest = maximumTimeout.inSeconds
        let waits = [1, 2, 4, 8].map { (roundTrip + spread) * $0 }.filter { $0 < longest }
        return (waits.isEmpty ? [longest] : waits).map {
            PingSchedule(retries: retries, wait: $0, roundTrip: roundTrip)
        }
    }

    /// How long all pings take when none is answered, in seconds.
    var duration: Double { wait * Double(retries + 1) }

    /// The chance that every ping fails on `path`: its request or its answer is lost, or comes after the verdict.
    ///
    /// `isAfterLoss` says whether the first ping, too, follows a message that was lost.
    func failure(on path: PathQuality, isAfterLoss: Bool) -> Double {
        let afterLoss = path.loss.lossAfterLoss(gap: wait)
        // Two ways: both variances add up, and both directions can lose.
        let variance = 2 * path.delayVariance
        var chance = 1.0
        for left in 1...(retries + 1) {
            let isFirst = left == retries + 1
            let arrives = 1 - (isFirst && !isAfterLoss ? path.loss.rate : afterLoss)
            chance *= cantelli(
                loss: 1 - arrives * arrives, variance: variance, patience: wait * Double(left) - roundTrip)
        }
        return chance
    }
}

/// Cantelli's bound on the chance that a message is lost, or takes `patience` seconds longer than the mean; the variance
/// of the delay is in seconds squared.
func cantelli(loss: Double, variance: Double, patience: Double) -> Double {
    let square = max(patience, 0) * max(patience, 0)
    guard square > 0 else { return 1 }
    return (variance + loss * square) / (variance + square)
}

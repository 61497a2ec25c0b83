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

    /// The schedules that are worth checking on `path`, the shortest wait first.
    ///
    /// RFC 6298's timeout is the least that makes sense; two, four and eight times as much survive longer bursts. A single
    /// ping may wait for less, down to a round trip, where no more time is left.
    ///
    /// - Parameters:
    ///   - retries: how often a ping is repeated.
    ///   - path: the path.
    ///   - maximumTimeout: the longest wait.
    ///   - available: the time for all pings together, in seconds.
    /// - Returns: up to four of them; none where not even the shortest fits.
    static func candidates(
        _ retries: Int, on path: PathQuality, maximumTimeout: TimeSpan, available: Double
    ) -> [PingSchedule] {
        guard let roundTrip = path.roundTrip?.inSeconds else { return [] }
        let longest = min(maximumTimeout.inSeconds, available / Double(retries + 1))
        var waits = [1, 2, 4, 8].map { timeout(on: path) * $0 }.filter { $0 > 0 && $0 <= longest }
        let shortest = min(shortestWait(on: path), maximumTimeout.inSeconds)
        if waits.isEmpty, retries == 0, longest >= max(shortest, 0.001) { waits = [longest] }
        return waits.map { PingSchedule(retries: retries, wait: $0, roundTrip: roundTrip) }
    }

    /// RFC 6298's retransmission timeout on a path with pings, in seconds.
    static func timeout(on path: PathQuality) -> Double {
        (path.roundTrip?.inSeconds ?? 0) + max(granularity, 4 * path.delayDeviation.inSeconds)
    }

    /// The shortest wait for a pong that can be of any use on a path with pings, in seconds.
    static func shortestWait(on path: PathQuality) -> Double {
        (path.roundTrip?.inSeconds ?? 0) + 0.001
    }

    private static var granularity: Double { RoundTripEstimator.granularity.inSeconds }

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

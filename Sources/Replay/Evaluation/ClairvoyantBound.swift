internal import Glibc

/// The limit for passive detectors: one deadline after each sending, the same for all, chosen with hindsight.
///
/// A detector that knew the sender's clock and the whole future of the link, and had to promise one detection time,
/// could do no better than τ = S + T_D with the T_D that makes the fewest mistakes. What lies below this curve at
/// equal *longest* detection time is out of reach without further messages; a detector that suspects sooner in good
/// times and later in bad ones may lie below it at equal *mean*.
package struct ClairvoyantBound: Sendable {
    /// A detection time and the least mistakes that any detector could make with it.
    package struct Point: Sendable, Hashable {
        /// T_D in seconds, of every heartbeat.
        package let detectionTime: Double
        /// λ_M, mistakes a second.
        package let mistakeRate: Double
        /// Wrong suspicions.
        package let mistakes: Int
    }

    /// The curve, with rising detection times; mistakes never rise.
    package let points: [Point]
    /// The time measured, in seconds.
    package let duration: Double

    /// The points at which fewer mistakes become possible than at the one before.
    package var turns: [Point] {
        var turns: [Point] = []
        for point in points where point.mistakes < turns.last?.mistakes ?? .max { turns.append(point) }
        return turns
    }

    /// Finds the bound for detection times from half an interval to `intervals` of them after the mean delay.
    ///
    /// - Parameters:
    ///   - trace: the trace.
    ///   - intervals: the longest detection time, in intervals.
    ///   - steps: how many detection times are tried, evenly on a logarithmic scale.
    ///   - progress: called with the share that is done, 0 to 1.
    /// - Throws: if the trace is too short to judge anything.
    package init(
        _ trace: Trace, intervals: Double = 20, steps: Int = 320, progress: (Double) -> Void = { _ in }
    ) throws(ReplayError) {
        let interval = trace.interval / 1e9
        let ratio = 2 * (intervals + max(trace.meanDelay, 0) / trace.interval)
        var points: [Point] = []
        var fewest = Int.max
        var duration = 0.0
        for step in 0..<max(steps, 2) {
            let share = Double(step) / Double(max(steps, 2) - 1)
            let time = interval / 2 * pow(ratio, share)
            let setup = try Replay.Setup(.nfds, parameter: time - interval)
            let quality = try QualityOfService(of: Replay(trace, setup), of: trace)
            duration = quality.duration
            // Longer is allowed to be no better: a detector that may take so long may also suspect sooner.
            fewest = min(fewest, quality.mistakes)
            points.append(
                Point(
                    detectionTime: time, mistakeRate: duration > 0 ? Double(fewest) / duration : 0,
                    mistakes: fewest))
            progress(share)
        }
        self.points = points
        self.duration = duration
    }
}

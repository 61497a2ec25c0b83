internal import FailureDetection
internal import Glibc

/// φ as in Akka and Pekko: a logistic approximation of the normal distribution, and a window that is censored.
///
///     τ = A + μ + σ·y        1.5976·y + 0.070566·y³ = ln(10^Φ − 1)
///
/// The tail of the logistic is lighter than the normal one's: a threshold of 8 is really 7.06. The window starts with
/// ¾·I and 1¼·I. An interval that ended in a suspicion is left out of it, so the detector never learns that the link
/// is as bad as that, and suspects again. Akka's acceptable pause and its least deviation are taken to be 0.
struct AkkaDetector: TraceDetector {
    private let y: Double
    private var intervals = VarianceWindow(capacity: 1_000)
    private var last: (arrival: Instant, deadline: Instant)?

    init(threshold: Double) { y = Self.quantile(of: threshold) }

    mutating func deadline(after heartbeat: ReplayedHeartbeat) -> Instant {
        let arrival = heartbeat.sign.arrived
        learn(arrival, heartbeat.interval)
        let mean = TimeSpan(nanoseconds: intervals.mean ?? 0)
        let deadline = arrival + mean + TimeSpan(rounding: y * intervals.deviation)
        last = (arrival, deadline)
        return deadline
    }

    private mutating func learn(_ arrival: Instant, _ interval: TimeSpan) {
        guard let last else {
            let quarter = TimeSpan(rounding: Double(interval.nanoseconds) / 4).nanoseconds
            intervals.append((interval - TimeSpan(nanoseconds: quarter)).nanoseconds)
            intervals.append((interval + TimeSpan(nanoseconds: quarter)).nanoseconds)
            return
        }
        if arrival < last.deadline { intervals.append((arrival - last.arrival).nanoseconds) }
    }

    /// The root of the cubic by Newton's method; its slope is 1.5976 at the least, so every step is safe.
    private static func quantile(of level: Double) -> Double {
        let target = level * log(10) + log1p(-exp(-level * log(10)))
        var y = target / 1.5976
        for _ in 0..<200 {
            let step = (1.5976 * y + 0.070566 * y * y * y - target) / (1.5976 + 3 * 0.070566 * y * y)
            y -= step
            if abs(step) <= 1e-15 * max(1, abs(y)) { break }
        }
        return y
    }
}

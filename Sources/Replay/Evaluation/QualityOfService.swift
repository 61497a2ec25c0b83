/// How good a detector was on a trace, in the metrics of Chen, Toueg and Aguilera.
///
/// The detector suspects at t in [A(k), A(k+1)) if t ≥ τ(k); a heartbeat that arrives exactly at the deadline is in
/// time. A trace has no crash, so every suspicion is a mistake, and what a crash would have cost is computed: T_D(k)
/// is the time from the sending of heartbeat k to τ(k), had the sender crashed right after sending it.
///
/// The first heartbeats, a tenth of them and a thousand at most, warm the windows up and do not count.
package struct QualityOfService: Sendable, Hashable {
    /// T_D in seconds: the mean, the 99th percentile, the longest.
    package let meanDetectionTime, p99DetectionTime, longestDetectionTime: Double
    /// Wrong suspicions.
    package let mistakes: Int
    /// The time during which the peer was wrongly suspected, in seconds.
    package let suspectedTime: Double
    /// The time measured, in seconds.
    package let duration: Double

    /// λ_M: mistakes a second.
    package var mistakeRate: Double { duration > 0 ? Double(mistakes) / duration : 0 }
    /// T_M: how long a mistake lasts, in seconds; 0 without mistakes.
    package var meanMistakeDuration: Double { mistakes > 0 ? suspectedTime / Double(mistakes) : 0 }
    /// P_A: the share of the time in which the peer was rightly trusted.
    package var queryAccuracy: Double { duration > 0 ? 1 - suspectedTime / duration : 1 }

    /// Judges a replay.
    /// - Throws: if fewer than two heartbeats are left after the warm-up.
    package init(of replay: Replay, of trace: Trace) throws(ReplayError) {
        let all = replay.deadlines
        let measured = all[min(1_000, all.count / 10)...]
        guard measured.count >= 2, let first = measured.first, let last = measured.last else {
            throw .tooFewHeartbeats(trace: trace.name, count: all.count)
        }
        let times = measured.map(\.detectionTime).sorted()
        let second = Double(replay.scale.ticks) * 1e9
        let tally = MistakeTally(measured)
        meanDetectionTime = Double(times.reduce(Int128(0)) { $0 + Int128($1) }) / Double(times.count) / second
        p99DetectionTime = Self.percentile(0.99, of: times) / second
        longestDetectionTime = Double(times.last ?? 0) / second
        mistakes = tally.mistakes
        suspectedTime = Double(tally.suspected) / second
        duration = Double(last.arrived - first.arrived) / second
    }

    /// The value below which a `share` of the sorted `values` lie, interpolated between neighbours.
    private static func percentile(_ share: Double, of values: [Int64]) -> Double {
        let position = share * Double(values.count - 1)
        let index = Int(position)
        let value = Double(values[index])
        guard index + 1 < values.count else { return value }
        return value + (position - Double(index)) * (Double(values[index + 1]) - value)
    }
}

/// Wrong suspicions and their time.
private struct MistakeTally {
    private(set) var mistakes = 0
    /// In ticks.
    private(set) var suspected: Int64 = 0

    /// Counts the transitions from trust to suspicion between the first and the last of `deadlines`.
    ///
    /// A deadline that passed before its heartbeat came, τ(k) ≤ A(k), continues with the suspicion that the one
    /// before left, and is no new mistake. Where several heartbeats arrive at one instant, no peer could be
    /// suspected in between; a suspicion after such an instant counts as a new one, in agreement with the published
    /// figures.
    init(_ deadlines: ArraySlice<SetDeadline>) {
        var wasSuspected = false
        for (present, next) in zip(deadlines, deadlines.dropFirst()) {
            let from = max(present.deadline, present.arrived)
            let isSuspected = from < next.arrived
            if isSuspected {
                suspected += next.arrived - from
                if !wasSuspected || present.deadline > present.arrived { mistakes += 1 }
            }
            wasSuspected = isSuspected
        }
    }
}

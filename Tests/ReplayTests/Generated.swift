import Glibc
import TestSupport

@testable import Replay

extension SeededGenerator {
    /// A number with an exponential distribution.
    mutating func exponential(mean: Double) -> Double {
        -mean * log(1 - Double.random(in: 0..<1, using: &self))
    }

    /// A number with a normal distribution (Box and Muller).
    mutating func normal(mean: Double, deviation: Double) -> Double {
        let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
        return mean + deviation * radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }
}

/// Traces made for a test; all times in nanoseconds.
enum Generated {
    /// A sender that keeps its timetable, and a link that delays or loses each heartbeat as `delay` says.
    static func trace(
        _ count: Int, interval: Int64 = 100_000_000, delay: (Int) -> Int64?
    ) -> Trace {
        let arrivals = (0..<count).compactMap { beat -> TracedHeartbeat? in
            let sent = Int64(beat) * interval
            return delay(beat).map { TracedHeartbeat(number: Int64(beat), sent: sent, arrived: sent + $0) }
        }
        return Trace(name: "generated", arrivals: arrivals, sentCount: count, interval: Double(interval))
    }

    /// Heartbeats whose intervals are as `interval` says; nothing is lost, and the delay is constant.
    static func renewal(_ count: Int, interval: () -> Double) -> Trace {
        var sent = 0.0
        let arrivals = (0..<count).map { beat -> TracedHeartbeat in
            defer { sent += interval() }
            return TracedHeartbeat(number: Int64(beat), sent: Int64(sent), arrived: Int64(sent) + 10_000_000)
        }
        return Trace(name: "renewal", arrivals: arrivals, sentCount: count, interval: sent / Double(count))
    }

    /// A link that loses in bursts: after a loss the next is lost with `persistence`, else so that `rate` results.
    static func bursty(
        _ count: Int, interval: Int64, rate: Double, persistence: Double, seed: UInt64
    ) -> Trace {
        var generator = SeededGenerator(seed: seed)
        var isLost = false
        let begin = rate * (1 - persistence) / (1 - rate)
        return trace(count, interval: interval) { _ in
            isLost = Double.random(in: 0..<1, using: &generator) < (isLost ? persistence : begin)
            return isLost ? nil : 20_000_000
        }
    }
}

extension Trace {
    /// The quality of service of a detector on this trace.
    func quality(_ form: DetectorForm, _ parameter: Double) throws -> QualityOfService {
        try QualityOfService(of: Replay(self, Replay.Setup(form, parameter: parameter)), of: self)
    }
}

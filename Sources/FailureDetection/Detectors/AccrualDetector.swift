/// A detector whose suspicion is a level that grows with the silence.
///
/// Défago, Urbán, Hayashibara and Katayama ("Definition and specification of accrual failure detectors", DSN 2005):
/// the detector says how suspicious the silence is, each consumer decides what is too much. The daemon itself still
/// sets one deadline on each heartbeat; the level is computed only when a client asks.
public protocol AccrualDetector: SuspicionDetector {
    /// The level from which `deadline(after:interval:)` suspects.
    var threshold: Double { get }

    /// How suspicious the silence since `sign` is at `now`; it grows with `now`, from 0.
    ///
    /// - Parameters:
    ///   - now: the instant of the question, on our clock.
    ///   - sign: the latest sign of life.
    ///   - interval: the time between heartbeats that the sender announced last.
    /// - Returns: 0 or more, finite.
    func level(at now: Instant, after sign: LifeSign, interval: TimeSpan) -> Double

    /// The instant at which the silence after `sign` reaches `level`, a consumer's own threshold.
    ///
    /// - Parameters:
    ///   - sign: the latest sign of life.
    ///   - interval: the time between heartbeats that the sender announced last.
    ///   - level: positive.
    /// - Returns: the deadline on our clock.
    func deadline(after sign: LifeSign, interval: TimeSpan, level: Double) -> Instant
}

/// The range of levels that can be asked for; what lies outside, or is no number, is brought into it.
enum AccrualLevel {
    static let range = 0.01...1_000.0

    static func clamped(_ level: Double) -> Double {
        level.isNaN ? range.upperBound : min(max(level, range.lowerBound), range.upperBound)
    }
}

/// Local health of this host: 0 (healthy) to 8.
///
/// It is the local health multiplier of Lifeguard (Dadgar, Phillips and Currey, "Lifeguard: Local Health Awareness for
/// More Accurate Failure Detection", DSN 2018), with other scales. What Lifeguard found is that most false suspicions
/// come from observers that are slow themselves, and that such an observer can notice: here by a loop that wakes late,
/// datagrams that its own kernel drops or that it reads late, and pings to several peers simultaneously that go unanswered. Each such
/// sign adds one, at most one in 100 ms; each calm second takes one away.
///
/// While the score is up, margins and the waits for pongs are longer, by a sixteenth for each point: at most by half.
/// Lifeguard multiplies by up to nine; detection here promises a time, so the bound is part of the promise.
public struct LagScore: Sendable, BitwiseCopyable, Hashable {
    /// The highest score.
    public static let maximum = 8
    /// How much longer waits are for each point: one part in this many.
    static let divisor: Int64 = 16
    static let calm = TimeSpan.seconds(1)
    static let shortestRise = TimeSpan.milliseconds(100)

    private var level = 0
    /// When the last sign was noted.
    private var last = Instant(nanoseconds: .min)

    /// The score at an instant: 0 to `maximum`.
    public func value(at now: Instant) -> Int {
        guard level > 0 else { return 0 }
        return max(0, level - Int(clamping: max((now - last).nanoseconds, 0) / Self.calm.nanoseconds))
    }

    /// Whether a sign of trouble would count now, or comes too soon after another.
    func mayRise(at now: Instant) -> Bool { level == 0 || now - last >= Self.shortestRise }

    /// Notes a sign of trouble.
    mutating func rise(at now: Instant) {
        guard mayRise(at: now) else { return }
        level = min(value(at: now) + 1, Self.maximum)
        last = now
    }

    /// A wait, made longer while the score is up.
    func widened(_ wait: TimeSpan, at now: Instant) -> TimeSpan { wait + allowance(on: wait, at: now) }

    /// How much longer a wait is while the score is up; at most half of it.
    func allowance(on wait: TimeSpan, at now: Instant) -> TimeSpan {
        Self.allowance(on: wait, score: value(at: now))
    }

    /// How much longer a wait is at a score.
    static func allowance(on wait: TimeSpan, score: Int) -> TimeSpan { wait * Int64(score) / divisor }

    /// A wait, made longer by a score.
    static func widened(_ wait: TimeSpan, score: Int) -> TimeSpan { wait + allowance(on: wait, score: score) }
}

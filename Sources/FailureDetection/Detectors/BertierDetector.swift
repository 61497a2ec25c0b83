/// The adaptable detector of Bertier, Marin and Sens: Chen's expected arrival with Jacobson's margin.
///
///     τ = EA + α        EA = mean₁₀₀₀(A − η·s) + η·(s + 1)
///     error = A − EA' − delay        EA' what was expected of this very heartbeat
///     delay ← delay + γ·error        var ← var + γ·(|error| − var)
///     α = β·delay + φ·max(var, 10 ms)
///
/// "Implementation and performance evaluation of an adaptable failure detector", DSN 2002. Chen's margin is a
/// constant that an operator has to know; here it follows the errors of the estimate, as TCP's retransmission
/// timeout follows the round trip (γ = 0.1, β = 1, φ = 4). There is no knob that a user would turn: it suspects
/// early and often, and recovers. φ is offered all the same, to see what it does.
///
/// EA' is computed from the number of the heartbeat that came, so a lost one is not taken for an error of the
/// estimate. η·s is the heartbeat's position in its sender's timetable (`LifeSign.scheduled`); where nothing but stamps
/// is known, and a sender may drift or be retuned, the stamp replaces it. Before the first error is known α is φ times the least
/// deviation: 0 in the paper's own form.
///
/// The paper's var tends to 0 on a quiet link, and the margin with it: then the noise of the scheduler trips every
/// deadline. `minimumDeviation` keeps it up, as in `PhiDetector`.
///
/// An outage makes one huge error, which fades by a tenth with each heartbeat; `cap` bounds what it does meanwhile.
public struct BertierDetector: SuspicionDetector {
    /// φ, how many mean errors are waited beyond the expected arrival; not negative.
    public internal(set) var deviations: Double
    /// The most that expected delay and margin together may exceed the smallest recent delay.
    public var cap: TimeSpan { delays.cap }
    /// The least mean deviation.
    public let minimumDeviation: TimeSpan

    /// γ, the weight of the newest error.
    private static let gain = 0.1
    /// β, the weight of the mean error.
    private static let bias = 1.0

    private var delays: StampedDelays
    /// `delay` and `var` of the paper, in nanoseconds.
    private var meanError = 0.0
    private var meanDeviation = 0.0

    /// Makes a detector that has not heard anything.
    ///
    /// - Parameters:
    ///   - deviations: φ; the paper has 4, and 2.
    ///   - window: the number of delays averaged.
    ///   - cap: the most that expected delay and margin together may rise over the smallest recent delay.
    ///   - minimumDeviation: the least mean deviation; zero for the paper's own form.
    public init(
        deviations: Double, window: Int = 1_000, cap: TimeSpan = .seconds(2),
        minimumDeviation: TimeSpan = .milliseconds(10)
    ) {
        self.minimumDeviation = minimumDeviation
        self.deviations = deviations
        delays = StampedDelays(window: window, cap: cap)
    }

    /// Learns how wrong the expectation of this heartbeat was, and its delay.
    public mutating func record(_ heartbeat: LifeSign) {
        learn((heartbeat.arrived - heartbeat.scheduled).nanoseconds)
    }

    private mutating func learn(_ delay: Int64) {
        if let expected = delays.mean {
            let lateness = TimeSpan(nanoseconds: delay) - TimeSpan(nanoseconds: expected)
            let error = Double(lateness.nanoseconds) - meanError
            meanError += Self.gain * error
            meanDeviation += Self.gain * (abs(error) - meanDeviation)
        }
        delays.append(delay)
    }

    /// The deadline τ after a sign of life; without any heartbeat yet, its own delay is the expected one.
    public func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant {
        let learnt = delays.mean.map { delays.bounded(TimeSpan(nanoseconds: $0) + margin) }
        return sign.scheduled + interval + (learnt ?? (sign.arrived - sign.scheduled) + margin)
    }

    /// Takes the multiple of a choice of this rule.
    public mutating func adopt(_ choice: DetectorChoice) -> Bool {
        guard case .bertier(let deviations) = choice else { return false }
        self.deviations = deviations
        return true
    }

    /// The last delays.
    public var samples: [Int64] { delays.latest }

    /// Continues with them, and learns their deviation anew.
    public mutating func resume(_ samples: [Int64]) {
        reset()
        for delay in samples { learn(delay) }
    }

    /// Forgets all delays and errors.
    public mutating func reset() {
        delays.removeAll()
        (meanError, meanDeviation) = (0, 0)
    }

    /// α.
    var margin: TimeSpan {
        let deviation = max(meanDeviation, Double(minimumDeviation.nanoseconds))
        return TimeSpan(rounding: Self.bias * meanError + deviations * deviation)
    }
}

/// A setting of one of the daemon's detectors, and what it did on a trace.
package struct Candidate: Sendable, Hashable {
    /// The detector and its parameter, as the daemon runs it.
    package let setup: Replay.Setup
    /// Every how many of the recorded heartbeats it was given; 1 is all.
    package let thinning: Int64
    /// Time between the heartbeats that it was given, in seconds.
    package let interval: Double
    /// How it did.
    package let quality: QualityOfService
}

/// What a trace advises for a detection time.
package struct Advice: Sendable {
    /// The detection time asked for, in seconds.
    package let detectionTime: Double
    /// The setting to use.
    package let recommended: Candidate
    /// The best setting of each detector at the recorded interval, the fewest mistakes first.
    package let candidates: [Candidate]
    /// The setting of the daemon's usual mode, heartbeats confirmed by pings; `nil` where the pings do not fit into the time.
    let pinged: PingedSetting?
    /// A setting that needs fewer heartbeats and was no worse, as far as the trace shows.
    package let sparser: Candidate?
    /// The fewest mistakes a second that any deadline chosen with hindsight could have made.
    package let bound: Double
}

/// Finds the setting that keeps a detection time with the fewest mistakes.
///
/// Detectors are compared at equal 99th percentile of the detection time, for that is what can be promised; at an
/// equal mean, those that suspect late after every late heartbeat would look better than they are. Each detector's
/// parameter is found by bisection, for a larger one never makes a deadline earlier. On recorded links all tuned
/// detectors lie close together; where the difference is within the noise of counting, the one that comes first in
/// `DetectorForm` is taken, which is the default.
package struct Tuner: Sendable {
    private static let steps = 24
    /// Heartbeats are taken at the recorded interval, at every second, third and fifth.
    private static let thinnings: [Int64] = [1, 2, 3, 5]

    private let trace: Trace
    private let detectionTime: Double

    /// A tuner for a trace.
    ///
    /// - Parameters:
    ///   - trace: what was recorded.
    ///   - detectionTime: in seconds, positive; what the 99th percentile of T_D may be.
    package init(_ trace: Trace, detectionTime: Double) {
        self.trace = trace
        self.detectionTime = detectionTime
    }

    /// Replays the trace some hundred times and says what is best.
    ///
    /// - Parameter progress: called with the share that is done, 0 to 1.
    /// - Returns: the best setting, and what it was compared with.
    /// - Throws: if no detector can be as fast on this trace.
    package func advise(progress: (Double) -> Void = { _ in }) throws(ReplayError) -> Advice {
        var all: [Candidate] = []
        let total = Double(Self.thinnings.count * DetectorForm.configurable.count)
        var done = 0.0
        for thinning in Self.thinnings {
            let thinned = trace.thinned(by: thinning)
            for form in DetectorForm.configurable {
                if let candidate = try candidate(form, thinned, thinning) { all.append(candidate) }
                done += 1
                progress(done / total)
            }
        }
        return try advice(from: all)
    }

    private func advice(from all: [Candidate]) throws(ReplayError) -> Advice {
        let dense = all.filter { $0.thinning == 1 }
        guard let fewest = dense.map(\.quality.mistakes).min() else {
            throw .unreachable(detectionTime: detectionTime, shortest: try shortestDetectionTime())
        }
        let tied = all.filter { $0.quality.mistakes <= fewest + Self.noise(of: fewest) }
        guard let recommended = tied.first(where: { $0.thinning == 1 }) else {
            throw .unreachable(detectionTime: detectionTime, shortest: try shortestDetectionTime())
        }
        let bound = try ClairvoyantBound(trace).points.last { $0.detectionTime <= detectionTime }
        return Advice(
            detectionTime: detectionTime, recommended: recommended,
            candidates: dense.sorted { Self.isBetter($0.quality, $1.quality) },
            pinged: try PingedSetting(
                trace, detectionTime: detectionTime, noMoreThan: fewest + Self.noise(of: fewest)),
            sparser: tied.last { $0.thinning > 1 && $0.setup.form == recommended.setup.form },
            bound: bound?.mistakeRate ?? 0)
    }

    /// Two standard deviations of a count of rare events.
    private static func noise(of count: Int) -> Int { Int(2 * Double(count).squareRoot()) }

    private static func isBetter(_ left: QualityOfService, _ right: QualityOfService) -> Bool {
        if left.mistakes != right.mistakes { return left.mistakes < right.mistakes }
        return left.queryAccuracy > right.queryAccuracy
    }

    /// The slowest setting of a detector that keeps the detection time; `nil` if its fastest does not.
    private func candidate(
        _ form: DetectorForm, _ trace: Trace, _ thinning: Int64
    ) throws(ReplayError) -> Candidate? {
        var (low, high) = range(of: form)
        guard var best = try keeping(form, low, trace) else { return nil }
        for _ in 0..<Self.steps {
            let middle = (low + high) / 2
            if let kept = try keeping(form, middle, trace) {
                best = kept
                low = middle
            } else {
                high = middle
            }
        }
        return Candidate(
            setup: best.setup, thinning: thinning, interval: trace.interval / 1e9, quality: best.quality)
    }

    private func keeping(
        _ form: DetectorForm, _ parameter: Double, _ trace: Trace
    ) throws(ReplayError) -> (setup: Replay.Setup, quality: QualityOfService)? {
        let setup = try Replay.Setup(form, parameter: rounded(parameter, form), isConfigured: true)
        let quality = try QualityOfService(of: Replay(trace, setup), of: trace)
        return quality.p99DetectionTime <= detectionTime ? (setup, quality) : nil
    }

    /// Where to search for the parameter.
    private func range(of form: DetectorForm) -> (Double, Double) {
        switch form.unit {
        case .seconds: (form == .fixed ? trace.interval / 1e9 : 0.001, max(detectionTime, 0.002))
        case .level: (0.3, 100)
        case .deviations: (0.1, 100)
        }
    }

    /// What can be written into a configuration: whole milliseconds, hundredths of a level.
    private func rounded(_ parameter: Double, _ form: DetectorForm) -> Double {
        let digits: Double = form.unit == .seconds ? 1_000 : 100
        return (parameter * digits).rounded(.down) / digits
    }

    private func shortestDetectionTime() throws(ReplayError) -> Double {
        let setup = try Replay.Setup(.median, parameter: 0.001, isConfigured: true)
        return try QualityOfService(of: Replay(trace, setup), of: trace).p99DetectionTime
    }
}

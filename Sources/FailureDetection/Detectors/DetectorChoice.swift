/// Which rule turns arrivals into a deadline, with its parameter.
public enum DetectorChoice: Sendable, Hashable {
    /// `MedianDetector` with its margin.
    case median(margin: TimeSpan)
    /// `ChenDetector` with its margin.
    case chen(margin: TimeSpan)
    /// `TwoWindowDetector` with its margin.
    case twoWindow(margin: TimeSpan)
    /// `PhiDetector` with its threshold.
    case phi(threshold: Double)
    /// `ExponentialDetector` with its threshold.
    case exponential(threshold: Double)
    /// `BertierDetector` with how many mean deviations it adds.
    case bertier(deviations: Double)
    /// `FixedDetector` with its timeout.
    case fixed(FixedTimeout)
    /// A detector of the library's user.
    case custom(CustomDetector)

    /// `FixedDetector` with a timeout that does not follow the interval.
    public static func fixed(timeout: TimeSpan) -> Self { .fixed(.span(timeout)) }

    /// The name used in the configuration.
    public var name: String {
        switch self {
        case .median: "median"
        case .chen: "chen"
        case .twoWindow: "two-window"
        case .phi: "phi"
        case .exponential: "exponential"
        case .bertier: "bertier"
        case .fixed: "fixed"
        case .custom(let own): own.name
        }
    }

    /// This rule with another margin, for heartbeats every `interval`; rules that have none stay as they are.
    func with(margin: TimeSpan, interval: TimeSpan) -> Self {
        switch self {
        case .median: .median(margin: margin)
        case .chen: .chen(margin: margin)
        case .twoWindow: .twoWindow(margin: margin)
        case .fixed: .fixed(timeout: interval + margin)
        case .phi, .exponential, .bertier, .custom: self
        }
    }

    /// How long after a heartbeat is expected its sender counts as overdue, when heartbeats come every `interval`.
    ///
    /// For the detectors that learn it from the link, half an interval stands in: it is used only where a sign of life
    /// is no heartbeat, and to date the evidence of a silence.
    public func margin(at interval: TimeSpan) -> TimeSpan {
        switch self {
        case .median(let margin), .chen(let margin), .twoWindow(let margin): max(margin, .zero)
        case .fixed(let timeout): max(timeout.length(at: interval) - interval, .zero)
        case .phi, .exponential, .bertier, .custom: interval / 2
        }
    }
}

extension DetectorChoice {
    /// A fresh detector of this choice.
    func makeDetector() -> any SuspicionDetector {
        switch self {
        case .median(let margin): MedianDetector(margin: margin)
        case .chen(let margin): ChenDetector(margin: margin)
        case .twoWindow(let margin): TwoWindowDetector(margin: margin)
        case .phi(let threshold): PhiDetector(threshold: threshold)
        case .exponential(let threshold): ExponentialDetector(threshold: threshold)
        case .bertier(let deviations): BertierDetector(deviations: deviations)
        case .fixed(let timeout): FixedDetector(timeout)
        case .custom(let own): own.detector
        }
    }

    /// A detector of this choice that keeps what `present` has learnt, or, if that is of another kind, learns from the
    /// heartbeats that were heard last.
    func makeDetector(retuning present: any SuspicionDetector, heard: RecentHeartbeats)
        -> any SuspicionDetector
    {
        var detector = present
        if detector.adopt(self) { return detector }
        detector = makeDetector()
        heard.replay(into: &detector)
        return detector
    }
}

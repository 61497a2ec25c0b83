/// Which rule turns arrivals into a deadline, with its parameter.
public enum DetectorChoice: Sendable, BitwiseCopyable, Hashable {
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
    case fixed(timeout: TimeSpan)

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
        }
    }

    /// How long after a heartbeat is expected its sender counts as overdue, when heartbeats come every `interval`.
    ///
    /// For the detectors that learn it from the link, half an interval stands in: it is used only where a sign of
    /// life is no heartbeat, and to date the evidence of a silence.
    public func margin(at interval: TimeSpan) -> TimeSpan {
        switch self {
        case .median(let margin), .chen(let margin), .twoWindow(let margin): max(margin, .zero)
        case .fixed(let timeout): max(timeout - interval, .zero)
        case .phi, .exponential, .bertier: interval / 2
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
        case .fixed(let timeout): FixedDetector(timeout: timeout)
        }
    }

    /// A detector of this choice that keeps what `present` has learnt, where both are of one kind.
    func makeDetector(retuning present: any SuspicionDetector) -> any SuspicionDetector {
        switch (self, present) {
        case (.median(let margin), var detector as MedianDetector):
            detector.margin = margin
            return detector
        case (.chen(let margin), var detector as ChenDetector):
            detector.margin = margin
            return detector
        case (.twoWindow(let margin), var detector as TwoWindowDetector):
            detector.margin = margin
            return detector
        case (.phi(let threshold), var detector as PhiDetector):
            detector.threshold = threshold
            return detector
        case (.exponential(let threshold), var detector as ExponentialDetector):
            detector.threshold = threshold
            return detector
        case (.bertier(let deviations), var detector as BertierDetector):
            detector.deviations = deviations
            return detector
        default: return makeDetector()
        }
    }
}

internal import FailureDetection

/// Every detector that a trace can be replayed through, by its name on the command line.
package enum DetectorForm: String, Sendable, CaseIterable {
    // The daemon's own.
    case median, chen, twoWindow = "two-window", phi, exponential, bertier, fixed
    // Forms of the literature, with nominal intervals or synchronised clocks, for comparison.
    case nfds, chen100, chen1000, nominalTwoWindow = "2w", akka, cassandra, jacobson, rto

    /// Other names, as used in the literature and in reference data.
    private static let aliases = [
        ("chenmed", DetectorForm.median), ("chents", .chen), ("2wts", .twoWindow), ("ed", .exponential),
    ]

    /// What the parameter of a form is.
    package enum Unit: Sendable {
        /// A margin, or a timeout, in seconds.
        case seconds
        /// A level of φ.
        case level
        /// A multiple of the mean deviation.
        case deviations
    }

    /// The form of a name or an alias; `nil` if there is none.
    package init?(name: String) {
        guard let form = DetectorForm(rawValue: name) ?? Self.aliases.first(where: { $0.0 == name })?.1 else {
            return nil
        }
        self = form
    }

    /// All names that `init(name:)` knows.
    package static var names: [String] { allCases.map(\.rawValue) + aliases.map(\.0) }

    /// The forms that the daemon can be configured with.
    package static var configurable: [DetectorForm] { allCases.filter(\.isConfigurable) }

    /// Whether the daemon can be configured with it.
    package var isConfigurable: Bool {
        switch self {
        case .median, .chen, .twoWindow, .phi, .exponential, .bertier, .fixed: true
        case .nfds, .chen100, .chen1000, .nominalTwoWindow, .akka, .cassandra, .jacobson, .rto: false
        }
    }

    /// What its parameter is.
    package var unit: Unit {
        switch self {
        case .median, .chen, .twoWindow, .fixed, .nfds, .chen100, .chen1000, .nominalTwoWindow: .seconds
        case .phi, .exponential, .akka, .cassandra: .level
        case .bertier, .jacobson, .rto: .deviations
        }
    }

    /// Whether `parameter` makes sense: finite, a level positive, and a century at the most.
    package func accepts(_ parameter: Double) -> Bool {
        switch unit {
        case .seconds: abs(parameter) <= 1e8
        case .level: parameter > 0 && parameter <= 300
        case .deviations: parameter >= 0 && parameter <= 1e6
        }
    }

    /// The parameters of a sweep on a link with heartbeats every `interval` seconds, in rising order.
    package func sweep(interval: Double) -> [Double] {
        let multiples = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
        switch unit {
        case .seconds: return multiples.map { (self == .fixed ? $0 + 1 : $0) * interval }
        case .level:
            return self == .exponential || self == .cassandra
                ? [0.45, 0.5, 0.6, 0.75, 0.9, 1, 1.2, 1.5, 2, 2.5, 3, 4]
                : [0.3, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 16, 20, 30]
        case .deviations: return [0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32]
        }
    }
}

extension DetectorForm {
    /// A fresh detector as it was published, without the limits that a daemon needs.
    func makePublished(_ parameter: Double, scale: TimeScale) -> any TraceDetector {
        let span = unit == .seconds ? scale.span(seconds: parameter) : .zero
        switch self {
        case .median: return LiveDetector(MedianDetector(margin: span, cap: .maximum))
        case .chen: return LiveDetector(ChenDetector(margin: span, cap: .maximum))
        case .twoWindow: return LiveDetector(TwoWindowDetector(margin: span, cap: .maximum))
        case .phi:
            return LiveDetector(
                PhiDetector(threshold: parameter, minimumDeviation: .zero, outageCeiling: nil))
        case .exponential: return LiveDetector(ExponentialDetector(threshold: parameter, outageCeiling: nil))
        case .bertier:
            return LiveDetector(
                BertierDetector(deviations: parameter, cap: .maximum, minimumDeviation: .zero))
        case .fixed: return LiveDetector(FixedDetector(timeout: span))
        case .nfds: return SynchronisedDetector(shift: span)
        case .chen100: return NominalChenDetector(margin: span, window: 100)
        case .chen1000: return NominalChenDetector(margin: span, window: 1_000)
        case .nominalTwoWindow: return NominalTwoWindowDetector(margin: span)
        case .akka: return AkkaDetector(threshold: parameter)
        case .cassandra: return CassandraDetector(threshold: parameter)
        case .jacobson: return JacobsonDetector(deviations: parameter)
        case .rto: return RetransmissionDetector(deviations: parameter)
        }
    }

    /// A fresh detector as the daemon runs it, with its limits; `nil` for what it cannot be configured with.
    func makeConfigured(_ parameter: Double) -> (any TraceDetector)? {
        let span = unit == .seconds ? TimeScale.nanoseconds.span(seconds: parameter) : .zero
        switch self {
        case .median: return LiveDetector(MedianDetector(margin: span))
        case .chen: return LiveDetector(ChenDetector(margin: span))
        case .twoWindow: return LiveDetector(TwoWindowDetector(margin: span))
        case .phi: return LiveDetector(PhiDetector(threshold: parameter))
        case .exponential: return LiveDetector(ExponentialDetector(threshold: parameter))
        case .bertier: return LiveDetector(BertierDetector(deviations: parameter))
        case .fixed: return LiveDetector(FixedDetector(timeout: span))
        case .nfds, .chen100, .chen1000, .nominalTwoWindow, .akka, .cassandra, .jacobson, .rto: return nil
        }
    }
}

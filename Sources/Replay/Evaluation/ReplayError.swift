/// Why something cannot be replayed.
package enum ReplayError: Error, Hashable {
    /// The parameter makes no sense for the detector.
    case badParameter(form: DetectorForm, parameter: Double)
    /// The daemon has no such detector.
    case notConfigurable(DetectorForm)
    /// The trace has too few heartbeats to say anything about quality.
    case tooFewHeartbeats(trace: String, count: Int)
    /// No setting of any detector suspects within the time.
    case unreachable(detectionTime: Double, shortest: Double)
}

extension ReplayError: CustomStringConvertible {
    /// What is wrong, with which detector or trace, and what to do about it.
    package var description: String {
        switch self {
        case .badParameter(let form, let parameter):
            "\(form.rawValue) cannot take the parameter \(parameter); it is \(form.unit.explanation)"
        case .notConfigurable(let form):
            "\(form.rawValue) is a form for comparison; the daemon has "
                + DetectorForm.configurable.map(\.rawValue).joined(separator: ", ")
        case .tooFewHeartbeats(let trace, let count):
            "\(trace): \(count) fresh heartbeats say nothing about quality; record a thousand or more"
        case .unreachable(let time, let shortest):
            "no detector can detect within \(time) s on this trace: its delays and interval alone need "
                + "\(shortest) s; allow more, or send heartbeats more often"
        }
    }
}

extension DetectorForm.Unit {
    /// What a parameter of this unit is, in words.
    package var explanation: String {
        switch self {
        case .seconds: "a time in seconds, such as 0.4"
        case .level: "a level between 0 and 300, such as 8"
        case .deviations: "a number of mean deviations, 0 or more, such as 4"
        }
    }
}

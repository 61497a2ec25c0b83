internal import ArgumentParser
internal import Replay

/// A time on the command line that must be longer than nothing.
struct TraceSpan: ExpressibleByArgument {
    /// The length in seconds.
    let seconds: Double

    init?(argument: String) {
        guard let limit = WaitLimit(argument: argument), limit.microseconds > 0 else { return nil }
        seconds = Double(limit.microseconds) / 1e6
    }
}

extension DetectorForm: ExpressibleByArgument {
    /// The detector of a name or an alias.
    package init?(argument: String) { self.init(name: argument) }

    /// The names, for help and completion.
    package static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension ControlContext {
    /// Says why a trace cannot be used.
    /// - Returns: the exit status for it.
    func refuse(_ problem: some Error & CustomStringConvertible) -> Int32 {
        output.complain("suspectctl: \(problem)\n")
        return ExitStatus.failure
    }
}

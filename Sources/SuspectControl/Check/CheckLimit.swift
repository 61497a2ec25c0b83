internal import ArgumentParser

/// A duration on the command line, or `never`.
struct CheckLimit: ExpressibleByArgument {
    /// The duration in microseconds; `nil` for never.
    let microseconds: Int?

    init(microseconds: Int?) {
        self.microseconds = microseconds
    }

    init?(argument: String) {
        if argument == "never" {
            self.init(microseconds: nil)
        } else if let limit = WaitLimit(argument: argument) {
            self.init(microseconds: limit.microseconds)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        microseconds.map { WaitLimit(microseconds: $0).defaultValueDescription } ?? "never"
    }
}

/// A position in a log that cannot be read as what it should be.
///
/// Reading continues after it; what was unreadable is missing, and nothing else.
public struct CausalLogError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Problem: Error, Sendable, Hashable {
        /// The line is longer than any entry can be.
        case lineTooLong
        /// The line should name a process and its clock: `process {"process":1, …}`.
        case notAClock
        /// The clock has no entry for its own process, or a zero.
        case ownEntryMissing
        /// A counter is no whole number from 0 to `VectorClock.maximumCounter`.
        case badCounter
        /// The clock has two entries for one process.
        case duplicateEntry
        /// A name is no UTF-8.
        case notUTF8
        /// The clock is followed by another clock, not by its message.
        case messageMissing
        /// The log ends after a clock, before its message.
        case cutOff
        /// The first line is a regular expression whose form is not supported.
        case unsupportedHeader
    }

    /// The line, counted from 1.
    public var line: Int
    /// What is wrong there.
    public var problem: Problem

    /// Describes what is wrong in a line.
    public init(line: Int, problem: Problem) {
        self.line = line
        self.problem = problem
    }
}

extension CausalLogError: CustomStringConvertible {
    /// The line, what is wrong, and what it should be.
    public var description: String { "line \(line): \(problem)" }
}

extension CausalLogError.Problem: CustomStringConvertible {
    /// What is wrong and what it should be, in one sentence without a full stop.
    public var description: String {
        switch self {
        case .lineTooLong:
            "longer than \(CausalLogParser.maximumLineLength) bytes; is this a log?"
        case .notAClock: "not a process and its clock, such as: db1@87654321 {\"db1@87654321\":42}"
        case .ownEntryMissing: "the clock has no entry of its own process, so the event has no number"
        case .badCounter: "a counter that is no whole number from 0 to \(VectorClock.maximumCounter)"
        case .duplicateEntry: "a clock with two entries for one process"
        case .notUTF8: "a name that is not UTF-8"
        case .messageMissing:
            "a clock that is followed by another clock, not by its message; was the log filtered?"
        case .cutOff: "the log ends after a clock, before its message; was its writer killed?"
        case .unsupportedHeader:
            "a regular expression of an unknown form; supported are those with the groups host, clock and event in "
                + "one line or two, the clock right after its host"
        }
    }
}

import FuzzTargets

/// Bytes that broke a promise when they were found.
enum FoundByFuzzing {
    static let all: [(target: FuzzTarget, bytes: [UInt8])] = [
        // A message of another program's log that is a clock: exported, it was read as one.
        text(.log, "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*}\na {\"a\":1}\nb {\"b\":1} there")
    ]

    private static func text(_ target: FuzzTarget, _ text: String) -> (FuzzTarget, [UInt8]) {
        (target, Array(text.utf8))
    }
}

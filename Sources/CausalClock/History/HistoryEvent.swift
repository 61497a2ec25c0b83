/// Where an entry was read.
public struct LogPlace: Sendable, Hashable {
    /// Which of the logs, in the order in which they were given, from 0.
    public var log: Int
    /// The line in which the entry begins, from 1.
    public var line: Int

    /// Names a position.
    public init(log: Int, line: Int) {
        self.log = log
        self.line = line
    }
}

/// One event of a history.
public struct HistoryEvent: Sendable {
    /// What the log says of it, but for its clock, which the history keeps.
    public internal(set) var entry: CausalLogEntry
    /// The position of its process in the history's `processes`.
    public internal(set) var process: Int
    /// Where it was read.
    public internal(set) var place: LogPlace
    /// Whether its vector clock is known in full, so that what it does not name did not influence it.
    public internal(set) var isExact = true
    /// For a receive, the sending.
    var sending: ClockCell?
    /// For the first event of a renewed incarnation, the last event of the incarnation that it continues.
    var continued: ClockCell?
    /// When it happened by the wall clock of its host, and no earlier than what influenced it; microseconds since 1970.
    public internal(set) var orderedTimeUSec: Int64 = 0

    /// Its number at its process.
    public var counter: UInt64 { entry.event.counter }
}

/// What a log holds at one position.
public enum CausalLogItem: Sendable, Hashable {
    /// An entry, and the line in which it begins, counted from 1.
    case entry(CausalLogEntry, line: Int)
    /// A position that cannot be read.
    case failure(CausalLogError)
}

/// Reads logs, block by block: suspectd's, GoVector's, and those that ShiViz opens.
///
/// Any bytes will do as input: what is no entry becomes a `CausalLogError` with its line, and reading continues.
/// Memory is bounded by `maximumLineLength` and the names of the processes.
public struct CausalLogParser: Sendable {
    /// The longest line that is read, in bytes: the clock of 4,096 hosts with the longest names fits.
    public static let maximumLineLength = 1 << 20

    private enum Waiting {
        /// For the first line that is not empty.
        case first
        /// For a clock, or for a whole entry in one line.
        case clock
        /// For the message of an entry.
        case message(CausalLogEntry, line: Int)
        /// For the clock of a message, which came first.
        case clockOf(message: [UInt8], line: Int)
    }

    private var line: [UInt8] = []
    private var isTooLong = false
    private var number = 0
    private var layout = LogLayout.clockFirst
    private var waiting = Waiting.first
    private var names = NameCache()
    private var executions = 1
    private var hasEntries = false

    /// A parser at the beginning of a log.
    public init() {}

    /// Reads a block, the next of the log.
    ///
    /// - Parameters:
    ///   - block: the bytes; lines may begin and end anywhere in it.
    ///   - found: called with what the block completes, in order.
    public mutating func parse(_ block: ArraySlice<UInt8>, found: (CausalLogItem) -> Void) {
        var rest = block
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            endLine(found)
            rest = rest[(end + 1)...]
        }
        take(rest)
    }

    /// Reads what is left at the end of the log.
    public mutating func finish(found: (CausalLogItem) -> Void) {
        if !line.isEmpty || isTooLong { endLine(found) }
        switch waiting {
        case .message(let entry, let start):
            found(.failure(CausalLogError(line: start, problem: .cutOff)))
            emit(entry, start, found)
        case .clockOf(_, let start): found(.failure(CausalLogError(line: start, problem: .notAClock)))
        case .first, .clock: break
        }
        waiting = .clock
    }

    /// Reads a log that is in memory as a whole.
    public static func items(of log: [UInt8]) -> [CausalLogItem] {
        var items: [CausalLogItem] = []
        var parser = CausalLogParser()
        parser.parse(log[...]) { items.append($0) }
        parser.finish { items.append($0) }
        return items
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        guard !isTooLong, line.count + bytes.count <= Self.maximumLineLength else {
            isTooLong = true
            return
        }
        line += bytes
    }

    private mutating func endLine(_ found: (CausalLogItem) -> Void) {
        defer {
            line.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        number += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if isTooLong { return reject(.lineTooLong, found) }
        switch waiting {
        case .first: readFirst(found)
        case .clock: readClock(found)
        case .message(let entry, let start): readMessage(of: entry, start, found)
        case .clockOf(let message, let start): readClock(of: message, start, found)
        }
    }
}

extension CausalLogParser {
    private var isBlank: Bool { line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

    private mutating func reject(_ problem: CausalLogError.Problem, _ found: (CausalLogItem) -> Void) {
        found(.failure(CausalLogError(line: number, problem: problem)))
        if case .first = waiting { waiting = .clock }
        if case .clockOf = waiting { waiting = .clock }
    }

    private mutating func emit(_ entry: CausalLogEntry, _ start: Int, _ found: (CausalLogItem) -> Void) {
        hasEntries = true
        found(.entry(entry, line: start))
    }

    /// The first line is a header, or shows on its own what the layout is.
    private mutating func readFirst(_ found: (CausalLogItem) -> Void) {
        if isBlank { return }
        waiting = .clock
        guard LogLayout.isHeader(line[...]) else {
            // A brace may be what is left of a damaged clock.
            let isMessage = !line.contains(UInt8(ascii: "{")) && !isDelimiter
            layout = isMessage ? .messageFirst : .clockFirst
            return readClock(found)
        }
        if let described = LogLayout(header: line[...]) {
            layout = described
        } else {
            found(.failure(CausalLogError(line: number, problem: .unsupportedHeader)))
        }
    }

    private mutating func readClock(_ found: (CausalLogItem) -> Void) {
        if isBlank { return }
        if isDelimiter { return beginExecution() }
        if case .messageFirst = layout {
            waiting = .clockOf(message: line, line: number)
            return
        }
        do throws(CausalLogError.Problem) {
            let clock = try ClockLine(line[...], names: &names)
            let entry = Self.entry(clock)
            if case .oneLine = layout { return finish(entry, clock.rest.drop { $0 == 0x20 }, number, found) }
            waiting = .message(entry, line: number)
        } catch {
            reject(error, found)
        }
    }

    private mutating func readMessage(
        of entry: CausalLogEntry, _ start: Int, _ found: (CausalLogItem) -> Void
    ) {
        waiting = .clock
        // A message can look like a clock only if it has no time and kind of its own.
        if ClockLine.isClock(line[...]), MessageLine(line[...]).kind == nil {
            found(.failure(CausalLogError(line: start, problem: .messageMissing)))
            emit(entry, start, found)
            return readClock(found)
        }
        finish(entry, line[...], start, found)
    }

    private mutating func readClock(
        of message: [UInt8], _ start: Int, _ found: (CausalLogItem) -> Void
    ) {
        do throws(CausalLogError.Problem) {
            let clock = try ClockLine(line[...], names: &names)
            waiting = .clock
            finish(Self.entry(clock), message[...], start, found)
        } catch {
            found(.failure(CausalLogError(line: start, problem: error)))
            // A message of several lines: its last line is the one before the clock.
            waiting = isBlank ? .clock : .clockOf(message: line, line: number)
        }
    }

    private mutating func finish(
        _ entry: CausalLogEntry, _ message: ArraySlice<UInt8>, _ start: Int, _ found: (CausalLogItem) -> Void
    ) {
        var entry = entry
        MessageLine(message).complete(&entry)
        emit(entry, start, found)
    }

    private static func entry(_ clock: ClockLine) -> CausalLogEntry {
        CausalLogEntry(clock.event, sorted: clock.clock, timeUSec: clock.timeUSec)
    }

    /// GoVector's `=== Execution #…`, after a line that is empty but for a space.
    private var isDelimiter: Bool { line.starts(with: "=== ".utf8) }

    /// Counters begin anew: what follows are other processes.
    private mutating func beginExecution() {
        guard hasEntries else { return }
        executions += 1
        names.beginExecution(executions)
    }
}

extension CausalLogEntry {
    /// An entry whose clock is in order already.
    fileprivate init(_ event: EventName, sorted clock: [EventName], timeUSec: Int64?) {
        self.init(event, timeUSec: timeUSec)
        self.clock = clock
    }
}

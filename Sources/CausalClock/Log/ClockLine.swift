/// The line of an entry that names the process and its clock: `process {"process":42, "other":17}`.
///
/// Fields may stand before the process, as in the logs of TSViz, and text after the clock.
struct ClockLine {
    /// The event and what else its clock names, ascending; entries of zero are left out.
    var event: EventName
    var clock: [EventName]
    /// The time before the process, as TSViz writes it.
    var timeUSec: Int64?
    /// What stands after the clock.
    var rest: ArraySlice<UInt8>

    /// Braces may also stand in a text before the clock; so many are tried.
    private static let maximumTries = 16

    /// Reads a line without its line feed.
    ///
    /// - Throws: what is wrong; `.notAClock` when it is no such line at all.
    init(_ line: ArraySlice<UInt8>, names: inout NameCache) throws(CausalLogError.Problem) {
        guard let place = Self.place(in: line) else { throw .notAClock }
        let host = try names.name(line[place.host])
        var reader = ClockReader(bytes: line, position: place.brace)
        let entries = try reader.entries(&names)
        rest = line[reader.position...]
        timeUSec = Self.time(line[..<place.host.lowerBound])
        guard let own = entries.first(where: { $0.process == host }), own.counter > 0 else {
            throw .ownEntryMissing
        }
        event = own
        clock = entries.filter { $0.counter > 0 && $0.process != host }.sorted { $0.process < $1.process }
        guard zip(clock, clock.dropFirst()).allSatisfy({ $0.process != $1.process }) else {
            throw .duplicateEntry
        }
        guard entries.count(where: { $0.process == host }) == 1 else { throw .duplicateEntry }
    }

    /// Whether `line` is the clock of an entry and nothing else; messages with braces in them are not.
    static func isClock(_ line: ArraySlice<UInt8>) -> Bool {
        var names = NameCache()
        guard place(in: line) != nil, let clock = try? ClockLine(line, names: &names) else { return false }
        return clock.rest.allSatisfy { $0 == UInt8(ascii: " ") }
    }

    /// Where the process stands, and the brace that opens its clock.
    private static func place(in line: ArraySlice<UInt8>) -> (host: Range<Int>, brace: Int)? {
        var tries = 0
        var index = line.startIndex + 2
        while index < line.endIndex, tries < maximumTries {
            defer { index += 1 }
            guard line[index] == UInt8(ascii: "{"), line[index - 1] == UInt8(ascii: " ") else { continue }
            tries += 1
            let before = line[..<(index - 1)]
            let start = before.lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? line.startIndex
            guard start < index - 1, looksLikeClock(line[index...]) else { continue }
            return (start..<(index - 1), index)
        }
        return nil
    }

    /// Whether there is `{"name":` or the like.
    private static func looksLikeClock(_ bytes: ArraySlice<UInt8>) -> Bool {
        let inside = bytes.dropFirst().drop { $0 == UInt8(ascii: " ") }
        guard inside.first == UInt8(ascii: "\"") else { return false }
        var isEscaped = false
        for index in inside.indices.dropFirst() {
            if isEscaped { isEscaped = false; continue }
            if inside[index] == UInt8(ascii: "\\") { isEscaped = true }
            guard inside[index] == UInt8(ascii: "\"") else { continue }
            return inside[(index + 1)...].first { $0 != UInt8(ascii: " ") } == UInt8(ascii: ":")
        }
        return false
    }

    /// TSViz begins a line with nanoseconds since 1970.
    private static func time(_ fields: ArraySlice<UInt8>) -> Int64? {
        guard let first = fields.split(separator: UInt8(ascii: " ")).first else { return nil }
        if let time = WallTime.microseconds(first) { return time }
        guard first.count >= 18, let nanoseconds = Int64(String(decoding: first, as: UTF8.self)) else {
            return nil
        }
        return nanoseconds > 0 ? nanoseconds / 1_000 : nil
    }
}

/// Reads the JSON object of a clock.
private struct ClockReader {
    let bytes: ArraySlice<UInt8>
    var position: Int

    /// All entries in their order; `position` is then after the closing brace.
    mutating func entries(_ names: inout NameCache) throws(CausalLogError.Problem) -> [EventName] {
        var entries: [EventName] = []
        names.startLine()
        try take("{")
        skipSpaces()
        while next != UInt8(ascii: "}") {
            let name = try names.name(quoted())
            skipSpaces()
            try take(":")
            skipSpaces()
            entries.append(EventName(name, try counter()))
            skipSpaces()
            guard next == UInt8(ascii: ",") else { break }
            position += 1
            skipSpaces()
        }
        try take("}")
        return entries
    }

    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpaces() {
        while let next, next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) throws(CausalLogError.Problem) {
        guard next == UInt8(ascii: character) else { throw .notAClock }
        position += 1
    }

    /// The bytes between quotation marks, escapes resolved.
    private mutating func quoted() throws(CausalLogError.Problem) -> ArraySlice<UInt8> {
        try take("\"")
        let start = position
        var hasEscapes = false
        while let next, next != UInt8(ascii: "\"") {
            let isEscape = next == UInt8(ascii: "\\")
            if isEscape, LogEscapes.escape(in: bytes, at: position + 1) == nil { throw .notAClock }
            hasEscapes = hasEscapes || isEscape
            position += isEscape ? 2 : 1
        }
        let end = min(position, bytes.endIndex)
        try take("\"")
        guard end > start else { throw .notAClock }
        return hasEscapes ? Array(LogEscapes.unescaped(bytes[start..<end]).utf8)[...] : bytes[start..<end]
    }

    private mutating func counter() throws(CausalLogError.Problem) -> UInt64 {
        var value: UInt64 = 0
        let start = position
        while let next, next >= 0x30, next <= 0x39 {
            value = value * 10 + UInt64(next - 0x30)
            guard value <= VectorClock.maximumCounter else { throw .badCounter }
            position += 1
        }
        guard position > start, next.map({ !".eE-".utf8.contains($0) }) ?? true else { throw .badCounter }
        return value
    }
}

/// Reads a trace: `seq,send_ns,recv_ns`, a line a heartbeat that was sent, an empty `recv_ns` for a loss.
///
/// The file is read in blocks; what stays in memory is 24 bytes a heartbeat that arrived. A trace comes from
/// anywhere, so everything about it is bounded: the length of a line, the count of lines, the spread of the stamps.
package struct TraceReader {
    /// The most lines of a trace.
    package static let mostLines = 5_000_000
    /// The most bytes of a line.
    package static let longestLine = 256
    /// How far stamps of one clock may lie apart, in nanoseconds: 4.5 years.
    package static let widestSpread: Int64 = 1 << 57

    private let path: String
    private var line = 0
    private var arrivals: [TracedHeartbeat] = []
    private var first: TraceLine?
    private var last: TraceLine?
    private var firstArrival: Int64?

    /// Reads the trace in the file `path`.
    ///
    /// - Parameters:
    ///   - path: a plain file, or one compressed with gzip.
    ///   - interval: time between heartbeats in nanoseconds; the trace's own mean unless given.
    /// - Returns: the trace, with one fresh heartbeat at the least.
    /// - Throws: what is wrong, with the number of the line.
    package static func read(_ path: String, interval: Double? = nil) throws(TraceError) -> Trace {
        var reader = TraceReader(path: path)
        try reader.readLines()
        return try reader.trace(interval: interval)
    }

    private init(path: String) { self.path = path }

    private mutating func readLines() throws(TraceError) {
        let file = try CompressedFile(path: path)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var rest: [UInt8] = []
        while true {
            let count = try file.read(into: &buffer)
            guard count > 0 else { break }
            try take(buffer[..<count], after: &rest)
        }
        if !rest.isEmpty { try take(line: rest[...]) }
    }

    /// Takes the lines that end in `block`; what follows the last of them stays in `rest`.
    private mutating func take(_ block: ArraySlice<UInt8>, after rest: inout [UInt8]) throws(TraceError) {
        var start = block.startIndex
        while let end = block[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty {
                try take(line: block[start..<end])
            } else {
                rest += block[start..<end]
                try take(line: rest[...])
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
        rest += block[start...]
        guard rest.count <= Self.longestLine + 1 else {
            throw bad("a line of more than 256 bytes", line: line + 1)
        }
    }

    private mutating func take(line bytes: ArraySlice<UInt8>) throws(TraceError) {
        line += 1
        let bytes = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        guard bytes.count <= Self.longestLine else { throw bad("a line of more than 256 bytes", line: line) }
        guard line > 1 else {
            guard bytes.elementsEqual(TraceLine.header.utf8) else {
                throw bad("the header is missing", line: 1)
            }
            return
        }
        guard line <= Self.mostLines else {
            throw .tooLarge(file: path, line: line, limit: "\(Self.mostLines) lines")
        }
        do throws(TraceLineProblem) {
            try take(TraceLine(bytes))
        } catch {
            throw bad(error.text, line: line)
        }
    }

    private mutating func take(_ heartbeat: TraceLine) throws(TraceLineProblem) {
        let start = first ?? heartbeat
        guard abs(heartbeat.sent - start.sent) <= Self.widestSpread else {
            throw TraceLineProblem("send_ns is years away from that of the first heartbeat")
        }
        if let arrived = heartbeat.arrived {
            guard abs(arrived - (firstArrival ?? arrived)) <= Self.widestSpread else {
                throw TraceLineProblem("recv_ns is years away from that of the first heartbeat")
            }
            firstArrival = firstArrival ?? arrived
            arrivals.append(
                TracedHeartbeat(number: heartbeat.number, sent: heartbeat.sent, arrived: arrived))
        }
        first = start
        last = heartbeat
    }

    private func trace(interval given: Double?) throws(TraceError) -> Trace {
        guard let first, let last, !arrivals.isEmpty else {
            throw .tooShort(file: path, problem: "no heartbeat of the trace arrived")
        }
        let interval = given ?? Double(last.sent - first.sent) / Double(last.number - first.number)
        guard interval >= 1, interval <= Double(Self.widestSpread) else {
            throw .tooShort(file: path, problem: "the interval between its heartbeats cannot be determined")
        }
        return Trace(name: Self.name(of: path), arrivals: arrivals, sentCount: line - 1, interval: interval)
    }

    private func bad(_ problem: String, line: Int) -> TraceError {
        .badLine(file: path, line: line, problem: problem)
    }

    private static func name(of path: String) -> String {
        var name = path.split(separator: "/").last.map { String($0) } ?? path
        for ending in [".gz", ".csv"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
        return name
    }
}

/// One line of a trace: a heartbeat that was sent, and when it arrived if it did.
struct TraceLine: Equatable {
    let number: Int64
    let sent: Int64
    let arrived: Int64?

    static let header = "seq,send_ns,recv_ns"
    /// The largest stamp in size, 126 years: differences of two fit 64 bits.
    static let largestStamp: Int64 = 4_000_000_000_000_000_000

    /// Parses the bytes of a line without its end.
    /// - Throws: what is wrong with the line, in words.
    init(_ bytes: ArraySlice<UInt8>) throws(TraceLineProblem) {
        let fields = bytes.split(separator: UInt8(ascii: ","), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 3 else {
            throw TraceLineProblem("\(fields.count > 3 ? "more than 3" : "\(fields.count)") columns, not 3")
        }
        number = try Self.integer(fields[0], named: "seq")
        sent = try Self.integer(fields[1], named: "send_ns")
        arrived = fields[2].isEmpty ? nil : try Self.integer(fields[2], named: "recv_ns")
        guard number >= 0 else { throw TraceLineProblem("seq is negative") }
    }

    private static func integer(_ field: ArraySlice<UInt8>, named name: String) throws(TraceLineProblem)
        -> Int64
    {
        let isNegative = field.first == UInt8(ascii: "-")
        let digits = isNegative ? field.dropFirst() : field
        guard !digits.isEmpty else { throw TraceLineProblem("\(name) is no integer: it is empty") }
        var value: Int64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
                throw TraceLineProblem("\(name) is no integer: `\(printable(field))`")
            }
            guard value <= largestStamp / 10 - 1 else {
                throw TraceLineProblem("\(name) is too large: `\(printable(field))`")
            }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }

    /// The beginning of a field, safe to show on a terminal.
    private static func printable(_ field: ArraySlice<UInt8>) -> String {
        let shown = field.prefix(24).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + (field.count > 24 ? "…" : "")
    }
}

/// What is wrong with a line.
struct TraceLineProblem: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }
}

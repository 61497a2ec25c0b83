/// In which order a log gives clocks and messages.
///
/// ShiViz reads any regular expression; these are the forms that its documentation and GoVector's tools use.
enum LogLayout {
    /// The clock, then the message in the next line.
    case clockFirst
    /// The message, then the clock in the next line.
    case messageFirst
    /// The clock, then the message, in one line.
    case oneLine

    /// Whether `line` is a header and no entry.
    static func isHeader(_ line: ArraySlice<UInt8>) -> Bool {
        line.contains(UInt8(ascii: "(")) && index(of: "(?<host>", in: line) != nil
            && index(of: "(?<clock>", in: line) != nil
    }

    /// The layout that a header describes; `nil` when it is none of these.
    init?(header: ArraySlice<UInt8>) {
        guard let host = Self.index(of: "(?<host>", in: header),
            let clock = Self.index(of: "(?<clock>", in: header),
            let event = Self.index(of: "(?<event>", in: header), host < clock
        else { return nil }
        let breaks = header.indices.filter { header[$0...].starts(with: "\\n".utf8) }
        switch (breaks.count, event < host) {
        case (1, true) where breaks[0] > event && breaks[0] < host: self = .messageFirst
        case (1, false) where breaks[0] > clock && breaks[0] < event: self = .clockFirst
        case (0, false) where event > clock: self = .oneLine
        default: return nil
        }
    }

    private static func index(of text: String, in line: ArraySlice<UInt8>) -> Int? {
        line.indices.first { line[$0...].starts(with: text.utf8) }
    }
}

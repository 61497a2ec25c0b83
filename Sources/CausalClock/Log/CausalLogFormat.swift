/// Writes entries as logs hold them.
public enum CausalLogFormat {
    /// The first line of a log that ShiViz opens; an empty line follows it.
    public static let header = #"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)"#

    /// The same for logs whose every entry has a time and a kind, which ShiViz then shows and searches on their own.
    public static let headerWithFields =
        #"(?<host>\S*) (?<clock>{.*})\n(?<date>\S+) (?<kind>[A-Z]+) ?(?<event>.*)"#

    /// Appends an entry, two lines that each end with a line feed.
    public static func append(_ entry: CausalLogEntry, to bytes: inout [UInt8]) {
        bytes += entry.event.process.text.utf8
        bytes += " {".utf8
        append(entry.event, to: &bytes)
        for other in entry.clock {
            bytes += ", ".utf8
            append(other, to: &bytes)
        }
        bytes += "}\n".utf8
        appendMessage(entry, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The entry as text.
    public static func text(_ entry: CausalLogEntry) -> String {
        var bytes: [UInt8] = []
        append(entry, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ event: EventName, to bytes: inout [UInt8]) {
        LogEscapes.appendQuoted(event.process.text, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        bytes += String(event.counter).utf8
    }

    /// The second line: time, kind, `key=value` words, text.
    private static func appendMessage(_ entry: CausalLogEntry, to bytes: inout [UInt8]) {
        guard let kind = entry.kind else { return appendForeign(entry, to: &bytes) }
        WallTime.append(entry.timeUSec ?? 0, to: &bytes)
        bytes += " \(kind.rawValue)".utf8
        append("from", entry.from?.description, to: &bytes)
        append("peer", entry.peer?.text, to: &bytes)
        append("cause", entry.cause, to: &bytes)
        append("certainty", entry.certainty, to: &bytes)
        append("clock", entry.form == .full ? nil : entry.form.rawValue, to: &bytes)
        append("lost", entry.lost == 0 ? nil : "\(entry.lost)", to: &bytes)
        // Last, as readers that do not know it take what follows for text.
        append("after", entry.after?.description, to: &bytes)
        guard !entry.text.isEmpty else { return }
        bytes.append(UInt8(ascii: " "))
        appendGuarded(entry.text, to: &bytes)
    }

    /// Text that begins like a `key=value` word has its first character escaped, so that it stays text.
    private static func appendGuarded(_ text: String, to bytes: inout [UInt8]) {
        let isMistakable = MessageLine.keys.contains { text.hasPrefix($0 + "=") } || text.hasPrefix(" ")
        guard isMistakable, let first = text.unicodeScalars.first else {
            return LogEscapes.append(text, isReversible: true, to: &bytes)
        }
        bytes += LogEscapes.hexadecimal(first).utf8
        LogEscapes.append(String(text.unicodeScalars.dropFirst()), isReversible: true, to: &bytes)
    }

    /// Logs of other programs say what they like; what would look like a clock must not: a clock ends its line.
    private static func appendForeign(_ entry: CausalLogEntry, to bytes: inout [UInt8]) {
        let start = bytes.count
        if let time = entry.timeUSec { bytes += (WallTime.text(time) + " ").utf8 }
        LogEscapes.append(entry.text, isReversible: false, to: &bytes)
        if ClockLine.isClock(bytes[start...]) { bytes += " -".utf8 }
    }

    private static func append(_ key: String, _ value: String?, to bytes: inout [UInt8]) {
        // A value with a space in it would end at the space.
        guard let value, !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return }
        bytes += " \(key)=\(value)".utf8
    }
}

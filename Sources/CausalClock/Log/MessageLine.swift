/// The second line of an entry: time, kind, `key=value` words, text, as far as they are there.
struct MessageLine {
    /// The words that mean something between the kind and the text.
    static let keys = ["from", "peer", "cause", "certainty", "clock", "lost", "after"]

    var timeUSec: Int64?
    var kind: LoggedEventKind?
    var text = ""
    private var values: [(key: String, value: String)] = []

    /// Reads a line without its line feed; any bytes will do, for what is not understood is text.
    init(_ line: ArraySlice<UInt8>) {
        var rest = line
        if let time = Self.firstWord(rest), let value = WallTime.microseconds(time) {
            timeUSec = value
            rest = Self.after(time, in: rest)
        }
        if timeUSec != nil, let word = Self.firstWord(rest),
            let kind = LoggedEventKind(rawValue: String(decoding: word, as: UTF8.self))
        {
            self.kind = kind
            rest = Self.after(word, in: rest)
            takeValues(&rest)
        }
        text = kind == nil ? String(decoding: rest, as: UTF8.self) : LogEscapes.unescaped(rest)
    }

    /// Fills in what the line says.
    func complete(_ entry: inout CausalLogEntry) {
        entry.timeUSec = timeUSec ?? entry.timeUSec
        entry.kind = kind
        entry.text = text
        entry.from = value("from").flatMap { EventName($0) }
        entry.peer = value("peer").map { ProcessName($0) }
        entry.cause = value("cause")
        entry.certainty = value("certainty")
        entry.lost = value("lost").flatMap { UInt64($0) } ?? 0
        entry.after = value("after").flatMap { EventName($0) }
        entry.form = value("clock").flatMap(CausalLogEntry.ClockForm.init) ?? .full
    }

    private func value(_ key: String) -> String? { values.first { $0.key == key }?.value }

    private mutating func takeValues(_ rest: inout ArraySlice<UInt8>) {
        while let word = Self.firstWord(rest), let equals = word.firstIndex(of: UInt8(ascii: "=")) {
            let key = String(decoding: word[..<equals], as: UTF8.self)
            let value = String(decoding: word[(equals + 1)...], as: UTF8.self)
            guard Self.keys.contains(key), !value.isEmpty, self.value(key) == nil else { return }
            values.append((key, value))
            rest = Self.after(word, in: rest)
        }
    }

    private static func firstWord(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let word = bytes.prefix { $0 != UInt8(ascii: " ") }
        return word.isEmpty ? nil : word
    }

    /// What follows `word` and the one space after it.
    private static func after(_ word: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes[word.endIndex...].dropFirst()
    }
}

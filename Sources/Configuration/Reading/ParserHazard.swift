/// A syntax error on which toml++ 3.4 aborts the process instead of reporting it.
///
/// A daemon must survive a mistyped file, so these are found before the parser sees them. The list is what a
/// search over all short texts and millions of random ones brought to light.
struct ParserHazard: Equatable {
    /// What stands where it must not.
    enum Kind {
        /// `[` or `[[` and no name: `[=`.
        case headerWithoutName
        /// A `}`, or a space that is not ASCII's, instead of an array's element: `[}`.
        case noArrayElement
        /// A date that continues with something other than a time: `2026-01-01Tx`.
        case malformedDate
    }

    /// What is wrong.
    let kind: Kind

    /// The line of the error, counted from 1.
    let line: Int

    /// The offset of the statement that holds the error; all before it is safe to parse.
    let statementStart: Int

    /// What is wrong, in words.
    var problem: String {
        switch kind {
        case .headerWithoutName: "table header: expected a name after the bracket"
        case .noArrayElement: "array: expected a value or ]"
        case .malformedDate: "date-time: expected a date as 2026-01-31, or nothing like one"
        }
    }
}

extension TextScanner {
    /// Whether a table's header continues with something that cannot begin or replace a name.
    var isAtHeaderWithoutName: Bool {
        guard let byte = peek() else { return false }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return false
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): return false
        default: return !"\"']".utf8.contains(byte)
        }
    }

    /// Whether what comes next, in an array, can neither begin an element nor be reported by the parser.
    var isAtNoArrayElement: Bool {
        peek().map { $0 == UInt8(ascii: "}") || $0 >= 0x80 || $0 < 0x20 } ?? false
    }

    /// Whether a value begins here that looks like a date, and is not written as one.
    var isAtMalformedDate: Bool {
        var value: [UInt8] = []
        while let byte = peek(value.count), !",]}#\n".utf8.contains(byte) { value.append(byte) }
        guard let first = value.first, (0x30...0x39).contains(first) else { return false }
        let looksLikeDate = value.indices.dropFirst().contains { index in
            value[index] == UInt8(ascii: "-") && value[index - 1] | 0x20 != UInt8(ascii: "e")
        }
        return looksLikeDate && !Self.isDate(value)
    }

    /// Whether `value` begins as a date, alone or with a time; of the time the hour is all that matters here.
    private static func isDate(_ value: [UInt8]) -> Bool {
        guard matches(value.prefix(10), "0000-00-00") else { return false }
        let isAlone = value.dropFirst(10).allSatisfy { " \t\r".utf8.contains($0) }
        return isAlone || ["T00:", "t00:", " 00:"].contains { matches(value.dropFirst(10).prefix(4), $0) }
    }

    /// Whether `text` has a digit wherever `template` has a 0, and the same byte everywhere else.
    private static func matches(_ text: ArraySlice<UInt8>, _ template: String) -> Bool {
        text.count == template.utf8.count
            && zip(text, template.utf8).allSatisfy { byte, expected in
                expected == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == expected
            }
    }
}

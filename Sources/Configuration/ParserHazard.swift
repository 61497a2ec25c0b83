/// A syntax error on which toml++ 3.4 aborts the process instead of reporting it.
///
/// A daemon must survive a mistyped file, so these are found before the parser sees them. The list is what a search
/// over all short texts and millions of random ones brought to light.
struct ParserHazard: Equatable {
    /// What stands where it must not.
    enum Kind {
        /// `[` or `[[` and no name: `[=`.
        case headerWithoutName
        /// A `}` in the place of an array's element: `[}`.
        case braceInArray
        /// A date that goes on with something other than a time: `2026-01-01Tx`.
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
        case .braceInArray: "array: expected a value or ], saw '}'"
        case .malformedDate: "date-time: expected a date as 2026-01-31, or nothing like one"
        }
    }
}

extension TextScanner {
    /// Whether a table's header goes on with something that cannot begin or replace a name.
    var isAtHeaderWithoutName: Bool {
        guard let byte = peek() else { return false }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return false
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): return false
        default: return !"\"']".utf8.contains(byte)
        }
    }

    /// Whether a value begins here that looks like a date, and is not written as one.
    var isAtMalformedDate: Bool {
        var value: [UInt8] = []
        while let byte = peek(value.count), !",]}#\n".utf8.contains(byte) { value.append(byte) }
        guard let first = value.first, (0x30...0x39).contains(first) else { return false }
        let looksLikeDate = value.indices.dropFirst().contains { index in
            value[index] == UInt8(ascii: "-") && value[index - 1] | 0x20 != UInt8(ascii: "e")
        }
        let text = String(decoding: value, as: UTF8.self)
        return looksLikeDate && text.wholeMatch(of: /\d{4}-\d\d-\d\d([Tt\x20][0-9:.]{5,}([Zz]|[+\-][0-9:]+)?)?\s*/) == nil
    }
}

/// Moves over the bytes of a TOML text and counts lines; nothing moves beyond the end of the text.
struct TextScanner {
    private let bytes: [UInt8]

    /// The offset of the next byte.
    private(set) var position = 0

    /// The line of the next byte, counted from 1.
    private(set) var line = 1

    /// The first line with `\u0000` in a string.
    private(set) var escapedNulLine: Int?

    init(_ text: String) {
        bytes = Array(text.utf8)
        // A byte order mark is not part of the first key.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The byte `offset` positions ahead, or nil beyond the end.
    func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// Passes over `byte` if it comes next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        advance()
        return true
    }

    mutating func skipSpaces() {
        skip { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Passes over the rest of the line, but not its end.
    mutating func skipLine() {
        skip { $0 != UInt8(ascii: "\n") }
    }

    /// Passes over white space, line ends and comments.
    mutating func skipBlankLines() {
        while true {
            skipSpaces()
            switch peek() {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): advance()
            case UInt8(ascii: "#"): skipLine()
            default: return
            }
        }
    }

    /// Passes over a number, a boolean or a date; these may contain spaces but none of TOML's delimiters.
    mutating func skipBareValue() {
        skip { byte in !",]}#\n".utf8.contains(byte) }
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while let byte = peek(), condition(byte) { advance() }
    }

    // MARK: Keys and strings

    /// A bare or quoted key, or nil when none begins here.
    mutating func key() -> String? {
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return quotedKey()
        default: return bareKey()
        }
    }

    private mutating func bareKey() -> String? {
        let start = position
        skip { byte in
            !" \t\r\n=.[]{}\"',#".utf8.contains(byte)
        }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedKey() -> String {
        let isBasic = peek() == UInt8(ascii: "\"")
        let start = position + 1
        skipString()
        let end = max(start, position - 1)
        let raw = bytes[min(start, bytes.count)..<min(end, bytes.count)]
        return isBasic ? EscapeDecoder.decode(raw) : String(decoding: raw, as: UTF8.self)
    }

    /// Passes over a string of any of the four kinds; an unclosed one ends with its line, or with the text.
    mutating func skipString() {
        guard let quote = peek() else { return }
        let isMultiline = peek(1) == quote && peek(2) == quote
        advance(isMultiline ? 3 : 1)
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                noteEscape()
                advance(2)
            } else if byte == quote && (!isMultiline || (peek(1) == quote && peek(2) == quote)) {
                return skipClosingQuotes(quote, isMultiline)
            } else if byte == UInt8(ascii: "\n") && !isMultiline {
                return
            } else {
                advance()
            }
        }
    }

    /// `""""` at the end of a multi-line string is one quote of content and three that close it.
    private mutating func skipClosingQuotes(_ quote: UInt8, _ isMultiline: Bool) {
        guard isMultiline else { return advance() }
        advance(3)
        for _ in 0..<2 where peek() == quote { advance() }
    }

    private mutating func noteEscape() {
        let digits =
            switch peek(1) {
            case UInt8(ascii: "u"): 4
            case UInt8(ascii: "U"): 8
            default: 0
            }
        let isNul = digits > 0 && (0..<digits).allSatisfy { peek(2 + $0) == UInt8(ascii: "0") }
        if isNul { escapedNulLine = escapedNulLine ?? line }
    }
}

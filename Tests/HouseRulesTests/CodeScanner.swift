/// Distinguishes code from comments and from text, so that a word in a sentence is not taken for its use.
///
/// The results are as long as the source, byte for byte and line for line; what does not belong is blank.
/// Interpolations are code. Regex literals are not known; one with a quotation mark in it would confuse.
struct CodeScanner {
    private enum Mode {
        /// Code; inside an interpolation with the number of parentheses open in it.
        case code(interpolation: Int?)
        /// Text between quotation marks.
        case text(hashes: Int, multiline: Bool)
        /// The rest of a line after `//`.
        case lineComment
        /// `/* … */`, with the number open.
        case blockComment(depth: Int)
    }

    private enum Kind { case code, comment, text }

    private let source: [UInt8]
    private var position = 0
    private var modes: [Mode] = [.code(interpolation: nil)]

    /// The code alone.
    private(set) var code: [UInt8] = []
    /// The comments alone.
    private(set) var comments: [UInt8] = []
    /// The text between quotation marks alone.
    private(set) var text: [UInt8] = []

    /// Scans all of `source`.
    init(_ source: String) {
        self.source = Array(source.utf8)
        code.reserveCapacity(self.source.count)
        comments.reserveCapacity(self.source.count)
        text.reserveCapacity(self.source.count)
        while position < self.source.count { step() }
    }

    private mutating func step() {
        switch modes.last {
        case .code(let parentheses): stepInCode(parentheses)
        case .text(let hashes, let multiline): stepInText(hashes, multiline)
        case .lineComment: stepInLineComment()
        case .blockComment(let depth): stepInBlockComment(depth)
        case nil: position = source.count
        }
    }

    private mutating func stepInCode(_ parentheses: Int?) {
        if follows("//") { return enter(.lineComment, taking: 2, as: .comment) }
        if follows("/*") { return enter(.blockComment(depth: 1), taking: 2, as: .comment) }
        if let opening = openingQuote() { return enter(opening.mode, taking: opening.length, as: .text) }
        if let parentheses { countParenthesis(parentheses) }
        take(1, as: .code)
    }

    private mutating func countParenthesis(_ parentheses: Int) {
        switch source[position] {
        case UInt8(ascii: "("): replaceMode(.code(interpolation: parentheses + 1))
        case UInt8(ascii: ")"):
            if parentheses == 1 {
                modes.removeLast()
            } else {
                replaceMode(.code(interpolation: parentheses - 1))
            }
        default: break
        }
    }

    private func openingQuote() -> (mode: Mode, length: Int)? {
        var hashes = 0
        while byte(at: position + hashes) == UInt8(ascii: "#") { hashes += 1 }
        guard byte(at: position + hashes) == UInt8(ascii: "\"") else { return nil }
        let multiline = follows("\"\"\"", at: position + hashes)
        return (.text(hashes: hashes, multiline: multiline), hashes + (multiline ? 3 : 1))
    }

    private mutating func stepInText(_ hashes: Int, _ multiline: Bool) {
        let marks = String(repeating: "#", count: hashes)
        let closing = (multiline ? "\"\"\"" : "\"") + marks
        if follows("\\\(marks)(") {
            enter(.code(interpolation: 1), taking: 2 + hashes, as: .text)
        } else if follows("\\\(marks)") {
            take(2 + hashes, as: .text)
        } else if follows(closing) {
            modes.removeLast()
            take(closing.utf8.count, as: .text)
        } else {
            take(1, as: .text)
        }
    }

    private mutating func stepInLineComment() {
        if source[position] == UInt8(ascii: "\n") { modes.removeLast() }
        take(1, as: .comment)
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        if follows("/*") {
            replaceMode(.blockComment(depth: depth + 1))
            take(2, as: .comment)
        } else if follows("*/") {
            if depth == 1 { modes.removeLast() } else { replaceMode(.blockComment(depth: depth - 1)) }
            take(2, as: .comment)
        } else {
            take(1, as: .comment)
        }
    }

    private mutating func enter(_ mode: Mode, taking count: Int, as kind: Kind) {
        modes.append(mode)
        take(count, as: kind)
    }

    private mutating func replaceMode(_ mode: Mode) {
        modes[modes.count - 1] = mode
    }

    private mutating func take(_ count: Int, as kind: Kind) {
        let end = min(position + count, source.count)
        for byte in source[position..<end] {
            let isBreak = byte == UInt8(ascii: "\n")
            code.append(kind == .code || isBreak ? byte : UInt8(ascii: " "))
            comments.append(kind == .comment || isBreak ? byte : UInt8(ascii: " "))
            text.append(kind == .text || isBreak ? byte : UInt8(ascii: " "))
        }
        position = end
    }

    private func byte(at index: Int) -> UInt8? {
        index < source.count ? source[index] : nil
    }

    private func follows(_ text: String, at start: Int? = nil) -> Bool {
        var index = start ?? position
        for expected in text.utf8 {
            guard byte(at: index) == expected else { return false }
            index += 1
        }
        return true
    }
}

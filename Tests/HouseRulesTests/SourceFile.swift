import Glibc

/// One file of the source tree, with its code apart from its comments.
struct SourceFile {
    /// Relative to the root of the tree.
    let path: String
    /// Every line as it is written.
    let lines: [Substring]
    /// Every line's code; comments and text are blank.
    let code: [Substring]
    /// Every line's comments; code and text are blank.
    let comments: [Substring]
    /// Every line's text between quotation marks; all else is blank.
    let text: [Substring]

    private let codeBytes: [UInt8]
    private let commentBytes: [UInt8]

    /// The file `path`, which holds `text`.
    init(path: String, text: String) {
        let scanner = CodeScanner(text)
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = String(decoding: scanner.code, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        comments = String(decoding: scanner.comments, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        self.text = String(decoding: scanner.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        codeBytes = scanner.code + [0]
        commentBytes = scanner.comments + [0]
    }

    /// The number of lines, as an editor shows it.
    var lineCount: Int {
        lines.last == "" ? lines.count - 1 : lines.count
    }

    /// The folder under `Sources` or `Tests`, which is the target.
    var target: Substring {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? parts[1] : ""
    }

    /// The lines, from 1, whose code holds `word`; a letter beside it makes another word of it.
    func linesOfCode(holding word: String) -> [Int] {
        Self.lines(of: codeBytes, holding: word)
    }

    /// The lines, from 1, whose comments hold `word`.
    func linesOfComments(holding word: String) -> [Int] {
        Self.lines(of: commentBytes, holding: word)
    }

    private static func lines(of bytes: [UInt8], holding word: String) -> [Int] {
        offsets(of: word, in: bytes).map { offset in
            1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
        }
    }

    /// By `strstr`, for in a debug build a search of our own would take longer than all other tests.
    private static func offsets(of word: String, in bytes: [UInt8]) -> [Int] {
        let pattern = Array(word.utf8)
        return bytes.withUnsafeBytes { buffer in
            guard let start = buffer.bindMemory(to: CChar.self).baseAddress else { return [] }
            var found: [Int] = []
            var rest = start
            while let hit = strstr(rest, word) {
                let offset = UnsafePointer(hit) - start
                if isWord(pattern, at: offset, in: bytes) { found.append(offset) }
                rest = UnsafePointer(hit) + 1
            }
            return found
        }
    }

    private static func isWord(_ pattern: [UInt8], at offset: Int, in bytes: [UInt8]) -> Bool {
        let end = offset + pattern.count
        guard let first = pattern.first, let last = pattern.last else { return false }
        let joinsBefore = first.isWordByte && offset > 0 && bytes[offset - 1].isWordByte
        let joinsAfter = last.isWordByte && end < bytes.count && bytes[end].isWordByte
        return !joinsBefore && !joinsAfter
    }
}

extension UInt8 {
    /// Whether this is a letter, a digit or an underscore.
    var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

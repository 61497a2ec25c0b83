/// How long files and functions may be.
enum Lengths {
    /// Lines in a file of `Sources`.
    static let source = 400
    /// Lines in a file of `Tests`.
    static let test = 400
    /// Lines in the folder of an executable, all files together.
    static let executable = 80
    /// Lines of code between the braces of a function: comments and blank lines do not count, nor does the signature.
    static let function = 25

    /// `file` itself, if it has more than `limit` lines.
    static func longFile(_ file: SourceFile, limit: Int) -> [Violation] {
        guard file.lineCount > limit else { return [] }
        return [
            Violation(
                path: file.path, line: 0, problem: "\(file.lineCount) lines, \(limit) are allowed",
                remedy: "split it along a responsibility: one noun a file")
        ]
    }

    /// An executable whose `files` have `limit` lines or more.
    static func longExecutable(_ files: [SourceFile], limit: Int = executable) -> [Violation] {
        let count = files.reduce(0) { $0 + $1.lineCount }
        guard count >= limit, let file = files.first else { return [] }
        return [
            Violation(
                path: file.path, line: 0,
                problem: "the executable has \(count) lines, fewer than \(limit) are allowed",
                remedy: "move what can be tested into a library target")
        ]
    }

    /// The functions of `file` that have more than `limit` lines of code.
    static func longFunctions(_ file: SourceFile, limit: Int = function) -> [Violation] {
        functions(of: file).map { ($0.lines.lowerBound, linesOfCode(in: $0, of: file)) }
            .filter { $0.1 > limit }
            .map { line, count in
                Violation(
                    path: file.path, line: line,
                    problem: "a function of \(count) lines, \(limit) are allowed",
                    remedy: "name a part of it and make that a function")
            }
    }

    /// A function or an initializer with a body.
    struct Function: Hashable {
        /// From its name to its closing brace.
        let lines: ClosedRange<Int>
        /// The line of its opening brace.
        let opening: Int
    }

    /// Every function and initializer with a body.
    static func functions(of file: SourceFile) -> [Function] {
        (1...file.code.count).filter { beginsFunction(file.code[$0 - 1]) }.compactMap { line in
            body(of: line, in: file).map { Function(lines: line...$0.upperBound, opening: $0.lowerBound) }
        }
    }

    private static func linesOfCode(in function: Function, of file: SourceFile) -> Int {
        let body = (function.opening + 1)..<max(function.lines.upperBound, function.opening + 1)
        return body.count { file.code[$0 - 1].contains { $0 != " " } }
    }

    private static func beginsFunction(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(where: { $0 == "func" || isInitializer($0) }) else { return false }
        return words[..<index].allSatisfy { $0.first?.isLetter == true || $0.hasPrefix("@") }
    }

    private static func isInitializer(_ word: Substring) -> Bool {
        ["init(", "init?(", "init<", "deinit", "subscript("].contains { word.hasPrefix($0) }
    }

    /// The lines of the braces of the function begun in `line`; `nil` if it has no body, as in a protocol.
    private static func body(of line: Int, in file: SourceFile) -> ClosedRange<Int>? {
        var opening: Int?
        var parentheses = 0
        var braces = 0
        for (index, text) in file.code.enumerated().dropFirst(line - 1) {
            for character in text.utf8 {
                switch character {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0:
                    opening = opening ?? index + 1
                    braces += 1
                case UInt8(ascii: "}") where parentheses == 0 || braces > 0:
                    braces -= 1
                    if braces <= 0 { return braces == 0 ? opening.map { $0...(index + 1) } : nil }
                default: break
                }
            }
            let next = index + 1 < file.code.count ? file.code[index + 1] : ""
            if braces == 0, parentheses == 0, !continues(into: next) { return nil }
        }
        return nil
    }

    /// Whether `line` can belong to a signature that began before it.
    private static func continues(into line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        return ["{", "->", "throws", "where", ")", "async"].contains { text.hasPrefix($0) }
    }
}

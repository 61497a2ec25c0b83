/// A word that comments, what programs print, and test titles must not hold, because plain English has a better one.
///
/// A host is "it"; a notice is emitted, a message sent, a field included; terms are those of `docs/GLOSSARY.md`. Names in
/// backquotes are code.
struct BannedWord {
    /// The word, or words, in lower case.
    let word: String
    /// What to write instead.
    let instead: String
    /// The words after which it is right.
    var unlessAfter: Set<String> = []
    /// The words before which it is right.
    var unlessBefore: Set<String> = []

    /// Every use of one of `banned` in the comments of `file`, in its text if it is of a program, and in its test titles.
    static func violations(in file: SourceFile, of banned: [BannedWord] = all) -> [Violation] {
        let byFirst = Dictionary(grouping: banned) { $0.word.prefix { $0 != " " } }
        return file.prose.flatMap { line, text in
            let words = words(of: text)
            return words.indices.flatMap { start in
                (byFirst[words[start][...]] ?? []).filter { $0.isUsed(in: words, at: start) }
            }
            .map {
                Violation(
                    path: file.path, line: line, problem: "\"\($0.word)\"", remedy: "write \($0.instead)")
            }
        }
    }

    /// Whether it begins at a word of a line, and nothing beside it makes it right.
    private func isUsed(in words: [String], at start: Int) -> Bool {
        let parts = word.split(separator: " ")
        let end = start + parts.count
        guard end <= words.count, zip(words[start..<end], parts).allSatisfy({ $0 == $1 }) else {
            return false
        }
        let isRightAfter = start > 0 && unlessAfter.contains(words[start - 1])
        return !isRightAfter && !(end < words.count && unlessBefore.contains(words[end]))
    }

    /// The words of a line in lower case, a backquote in place of a name, and no name of a parameter.
    private static func words(of text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var isName = false
        for byte in text.utf8 {
            let isQuote = byte == UInt8(ascii: "`")
            if isQuote { isName.toggle() }
            if !isName, !isQuote, byte.isWordByte || byte == UInt8(ascii: "'") {
                word.append(byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte)
                continue
            }
            if byte == UInt8(ascii: ":"), words.last == "-" || words.suffix(2).first == "-" { word = [] }
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
            if byte == UInt8(ascii: "-") || isQuote { words.append(isQuote ? "`" : "-") }
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}

extension BannedWord {
    private static let persons: Set<String> = [
        "we", "user", "users", "operator", "operators", "attacker", "attackers", "reader", "readers",
        "people",
        "person", "those", "caller", "anyone", "everyone", "ones", "developer", "developers", "hundred",
        "four",
        "author",
    ]

    /// All of them.
    static let all: [BannedWord] =
        ["told", "tell", "tells", "telling"].map {
            BannedWord(word: $0, instead: "emit, send, report, log, include, say or know")
        }
        + ["nobody", "everybody", "anybody", "somebody", "whoever", "whom", "his", "he"].map {
            BannedWord(
                word: $0, instead: "no peer, every host, another process, a host that: a node is \"it\"")
        } + [
            BannedWord(word: "who", instead: "a host that, which peer", unlessAfter: persons),
            BannedWord(word: "room", instead: "capacity, buffer or space"),
            BannedWord(
                word: "place", instead: "index, position or location", unlessAfter: ["in"]),
            BannedWord(word: "places", instead: "indices, positions or locations"),
            BannedWord(
                word: "life", instead: "incarnation", unlessAfter: ["of"], unlessBefore: ["sign", "signs"]),
            BannedWord(word: "lives", instead: "incarnations, is running, or exists"),
        ]
        + ["look at", "looks at", "looked at"].map {
            BannedWord(word: $0, instead: "check, evaluate or read")
        }
        + ["goes on", "go on", "going on"].map { BannedWord(word: $0, instead: "continue") }
        + ["speak", "speaks", "spoken"].map {
            BannedWord(word: $0, instead: "send, refer to, support or implement")
        }
        + ["bear", "bears", "borne"].map { BannedWord(word: $0, instead: "carry, have or tolerate") } + [
            BannedWord(word: "at once", instead: "immediately, or simultaneously"),
            BannedWord(word: "of late", instead: "recently"),
            BannedWord(word: "for ever", instead: "indefinitely"),
            BannedWord(word: "in vain", instead: "without an answer"),
            BannedWord(word: "by itself", instead: "automatically, on its own, or alone"),
            BannedWord(word: "rumour", instead: "indirect news"),
            BannedWord(word: "rumours", instead: "indirect news"),
        ]
}

extension SourceFile {
    /// The lines of comments, of text in programs, and of the titles of tests and suites, with their numbers from 1.
    fileprivate var prose: [(line: Int, text: Substring)] {
        let isOfProgram = path.hasPrefix("Sources/")
        let written = (isOfProgram ? [comments, text] : [comments]).flatMap { lines in
            lines.enumerated().filter { $0.element.utf8.contains { $0 != UInt8(ascii: " ") } }
                .map { (line: $0.offset + 1, text: $0.element) }
        }
        guard path.hasPrefix("Tests/") || path.hasPrefix("Sample") else { return written }
        return written
            + lines.indices.filter { isTitle($0) }.map { (line: $0 + 1, text: lines[$0]) }
    }

    private func isTitle(_ index: Int) -> Bool {
        let line = lines[index].drop { $0 == " " }
        guard line.utf8.first == UInt8(ascii: "@") || line.utf8.first == UInt8(ascii: "\"") else {
            return false
        }
        return line.hasPrefix("@Test(\"") || line.hasPrefix("@Suite(\"")
            || (line.hasPrefix("\"") && index > 0
                && (lines[index - 1].hasSuffix("@Test(") || lines[index - 1].hasSuffix("@Suite(")))
    }
}

import Testing

/// A manual page in the language of scdoc.
struct ManualPage {
    /// Its lines, without the ends.
    let lines: [Substring]

    /// Reads `docs/man/NAME.scd`.
    init(_ name: String) throws {
        lines = try SourceTree.text(of: "docs/man/\(name).scd")
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The lines below a heading such as `# OPTIONS`, to the next one of its rank; nil without it.
    func section(_ heading: String) -> ArraySlice<Substring>? {
        guard let start = lines.firstIndex(where: { $0 == heading }) else { return nil }
        let rank = heading.prefix { $0 == "#" }
        let rest = lines[(start + 1)...]
        let end = rest.firstIndex { line in
            line.hasPrefix("#") && line.prefix { $0 == "#" }.count <= rank.count
        }
        return rest[..<(end ?? rest.endIndex)]
    }
}

extension Sequence<Substring> {
    /// Whether an entry begins with this term in bold: `*--json*`, `*-w*, *--warning* _count_`.
    func describe(_ term: String) -> Bool {
        let written = "*\(term)*"
        return contains { $0.hasPrefix("*") && $0.unescaped.contains(written) }
    }

    /// The text in one line, without what sets it in bold or underlines it.
    var plainText: String {
        map { $0.unescaped.filter { $0 != "*" && $0 != "_" } }.joined(separator: " ")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Substring {
    /// The text without the backslashes that keep scdoc from reading `_` and `*` as its own.
    var unescaped: String { String(filter { $0 != "\\" }) }
}

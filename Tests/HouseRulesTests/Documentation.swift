/// Every declaration that another target can use has a comment that says what it is.
enum Documentation {
    private static let modifiers = [
        "package", "public", "open", "static", "final", "mutating", "nonmutating", "consuming", "borrowing",
        "indirect",
        "nonisolated", "override", "required", "convenience", "lazy", "weak", "prefix", "postfix", "infix",
        "nonisolated(unsafe)", "private(set)", "fileprivate(set)", "internal(set)", "package(set)",
    ]
    private static let keywords = [
        "func", "var", "let", "struct", "enum", "class", "actor", "protocol", "typealias", "init",
        "subscript",
        "associatedtype", "case", "macro", "operator",
    ]

    /// The `package` and `public` declarations of `file` without a `///` comment.
    static func violations(in file: SourceFile) -> [Violation] {
        file.code.indices.filter { isShared(file.code[$0]) && !isDocumented($0, in: file) }.map { index in
            let text = file.lines[index].drop { $0 == " " }
            return Violation(
                path: file.path, line: index + 1, problem: "`\(text.prefix(60))` has no comment",
                remedy: "write a /// line that says what it is, in which unit and range")
        }
    }

    private static func isShared(_ line: Substring) -> Bool {
        let words = line.split(separator: " ").drop { $0.hasPrefix("@") }
        let leading = words.prefix { modifiers.contains(String($0)) }
        guard leading.contains("package") || leading.contains("public") || leading.contains("open") else {
            return false
        }
        guard let keyword = words.dropFirst(leading.count).first else { return false }
        return keywords.contains(String(keyword.prefix { $0.isLetter }))
    }

    /// Looks upwards from the declaration, past its attributes.
    private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        for above in file.lines[..<index].reversed() {
            let text = above.drop { $0 == " " }
            if text.hasPrefix("///") { return true }
            guard text.hasPrefix("@") || text.hasPrefix("#if") || text.hasPrefix("//") else { return false }
        }
        return false
    }
}

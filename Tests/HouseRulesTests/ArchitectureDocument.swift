/// The paths that `docs/ARCHITECTURE.md` names: a map that shows what is gone is worse than none.
enum ArchitectureDocument {
    /// The document.
    static let path = "docs/ARCHITECTURE.md"

    /// The Swift files named between backquotes in `text`, with their lines.
    static func namedFiles(in text: String) -> [(path: String, line: Int)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter {
                    !$0.offset.isMultiple(of: 2) && $0.element.hasSuffix(".swift")
                        && !$0.element.contains("*")
                }
                .map { (String($0.element), index + 1) }
        }
    }

    /// The functions that `text` names behind the file that has them, as in "`Peer.swift`, `heard()`" or "`A.swift`, `b` and `c`".
    static func namedFunctions(in text: String) -> [(name: String, path: String, line: Int)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            return parts.indices.filter { !$0.isMultiple(of: 2) && parts[$0].hasSuffix(".swift") }
                .flatMap { file in
                    names(after: file, in: parts).map { (String($0), String(parts[file]), index + 1) }
                }
        }
    }

    /// The names between backquotes that follow an index, joined by commas or "and", up to the next file.
    private static func names(after start: Int, in parts: [Substring]) -> [Substring] {
        var names: [Substring] = []
        var index = start
        while index + 2 < parts.count, [", ", " and "].contains(parts[index + 1]),
            !parts[index + 2].hasSuffix(".swift")
        {
            index += 2
            names.append(parts[index].prefix { $0 != "(" })
        }
        return names
    }

    /// The functions named in `text` that their file does not have.
    static func missingFunctions(in text: String, files: [SourceFile]) -> [Violation] {
        namedFunctions(in: text).filter { named in
            !files.contains { file in
                (file.path == named.path || file.path.hasSuffix("/" + named.path))
                    && !file.linesOfCode(holding: "func " + named.name).isEmpty
            }
        }.map {
            Violation(
                path: path, line: $0.line, problem: "`\($0.path)` has no function `\($0.name)`",
                remedy: "name the function that took its place")
        }
    }

    /// The names in `text` that lead to no file; `known` are the paths of the tree.
    ///
    /// A name is a path from the root or from `Sources`, or the end of one: `EventLoop.swift`.
    static func violations(in text: String, known: [String]) -> [Violation] {
        namedFiles(in: text).filter { named in
            !known.contains { $0 == named.path || $0.hasSuffix("/" + named.path) }
        }.map {
            Violation(
                path: path, line: $0.line, problem: "there is no file `\($0.path)`",
                remedy: "name the file that took its place")
        }
    }
}

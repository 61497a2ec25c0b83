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

/// A position in the source tree that breaks a rule of the house.
struct Violation: Equatable, CustomStringConvertible {
    /// The file, relative to the root of the tree.
    let path: String
    /// The line, counted from 1; 0 when it is the file as a whole.
    let line: Int
    /// What is wrong.
    let problem: String
    /// What to write instead.
    let remedy: String

    /// `file:line: what is wrong; what to write instead`.
    var description: String {
        "\(path)\(line > 0 ? ":\(line)" : ""): \(problem); \(remedy)"
    }
}

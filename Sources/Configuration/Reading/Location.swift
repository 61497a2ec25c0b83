/// A location in a configuration file.
package struct Location: Sendable, Hashable, CustomStringConvertible {
    /// The file's path as it was opened.
    package let file: String

    /// The line, counted from 1; nil when the file as a whole is meant.
    package let line: Int?

    /// The column, counted from 1; known for syntax errors only.
    package let column: Int?

    /// A position in `file`; without a line, the whole file.
    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file`, `file:line` or `file:line:column`, the form editors jump to.
    package var description: String {
        guard let line else { return file }
        guard let column else { return "\(file):\(line)" }
        return "\(file):\(line):\(column)"
    }
}

/// A value together with its location.
package struct Located<Value: Sendable>: Sendable {
    /// What was written there.
    package let value: Value

    /// Where it was written.
    package let location: Location
}

extension Located: Equatable where Value: Equatable {}

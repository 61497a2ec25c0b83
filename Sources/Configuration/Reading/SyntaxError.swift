internal import TOMLKit

/// Turns toml++'s syntax errors into findings with a remedy.
enum SyntaxError {
    /// Records `error` at the line and column that toml++ names.
    static func record(_ error: TOMLParseError, in file: String, _ diagnostics: inout Diagnostics) {
        let place = Location(file: file, line: error.source.begin.line, column: error.source.begin.column)
        // toml++ quotes text of the file, which may hold anything.
        let text = error.description.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        let whole = text.joined()
        let prefix = "Error while parsing "
        let description = whole.hasPrefix(prefix) ? String(whole.dropFirst(prefix.count)) : whole
        record(description, at: place, &diagnostics)
    }

    /// Records a syntax error that is described in toml++'s words, which are for those that know the grammar: what to do comes
    /// first.
    static func record(_ description: String, at place: Location, _ diagnostics: inout Diagnostics) {
        diagnostics.error("syntax", at: place, remedy(for: description), "the parser says: \(description)")
    }

    /// What to do, by the words of toml++'s description; the first that occurs counts.
    static let remedies: [(words: String, remedy: String)] = [
        ("key-value pair: encountered end-of-file", "write key = value, for example id = \"db1\""),
        ("key-value pair: expected a comment", "write one key = value per line, and comments after #"),
        ("dangling comma", "remove the last comma"),
        ("cannot redefine existing table 'peer'", "write each peer as [[peer]], with two brackets"),
        ("cannot redefine existing array 'peer'", "write each peer as [[peer]], with two brackets"),
        ("cannot redefine existing table 'service'", "write each service as [[service]], with two brackets"),
        ("cannot redefine existing array 'service'", "write each service as [[service]], with two brackets"),
        ("cannot redefine", "define each key and each table once per file"),
        ("cannot insert", "define each key and each table once per file"),
        ("expected '='", "write key = value, for example id = \"db1\""),
        ("encountered end-of-file", "close the string, array or table that begins here"),
        ("could not determine value type", quoteValue),
        ("integer", quoteValue),
        ("float", quoteValue),
        ("date", quoteValue),
        (
            "unescaped control characters",
            "close the text with the quote that opened it, on its line; write \\t for a tab"
        ),
        ("boolean", "write true or false, or put text in quotes"),
        ("string", "close the string with the quote that opened it; write \\\\ for a backslash"),
        ("table", "write a table as [name] and a list entry as [[peer]]"),
        ("array", "separate the elements with commas and close the array with ]"),
    ]

    private static let quoteValue = "put texts, addresses and durations in quotes, for example \"200ms\""

    private static func remedy(for description: String) -> String {
        remedies.first { description.contains($0.words) }?.remedy ?? "see https://toml.io for the syntax"
    }
}

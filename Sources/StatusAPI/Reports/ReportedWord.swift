/// A word of one of the interface's closed vocabularies, which a later version may extend.
///
/// A client is used longer than the daemon that it was installed with, or is older than it: a word that it does not
/// know is kept and shown as it came, and never makes a reply unreadable.
package protocol ReportedWord: RawRepresentable<String>, Codable, Hashable, CaseIterable, Sendable {
    /// A word that this version does not know.
    static func other(_ word: String) -> Self
}

extension ReportedWord {
    /// The case of a word; never `nil`.
    package init?(rawValue: String) { self = Self.known(rawValue) }

    private static func known(_ word: String) -> Self {
        allCases.first { $0.rawValue == word } ?? .other(word)
    }

    /// Reads any word.
    /// - Throws: `DecodingError` for what is no string.
    package init(from decoder: any Decoder) throws {
        self = Self.known(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the word.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// Whether this version knows the word.
    package var isKnown: Bool { Self.allCases.contains(self) }
}

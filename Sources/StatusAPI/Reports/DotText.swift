/// The name of one event of one incarnation: `id@epoch:counter`.
///
/// In JSON a dot is a single string, so that it can be copied from one command into the next.
package struct DotText: Hashable, Sendable {
    /// The id of the process whose event it is.
    package let id: String
    /// The incarnation of that process.
    package let epoch: Int
    /// The number of the event within the incarnation, from 1.
    package let counter: Int

    /// Names one event.
    package init(id: String, epoch: Int, counter: Int) {
        self.id = id
        self.epoch = epoch
        self.counter = counter
    }

    /// Reads the text form; `nil` when it is not `id@epoch:counter`.
    ///
    /// The last `@` divides, because an id may hold one itself.
    package init?(_ text: String) {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let numbers = text[text.index(after: at)...].split(separator: ":", omittingEmptySubsequences: false)
        guard at > text.startIndex, numbers.count == 2 else { return nil }
        guard let epoch = Int(numbers[0]), let counter = Int(numbers[1]) else { return nil }
        guard epoch >= 0, counter >= 0 else { return nil }
        self.init(id: String(text[..<at]), epoch: epoch, counter: counter)
    }
}

extension DotText: CustomStringConvertible {
    /// `id@epoch:counter`.
    package var description: String { "\(id)@\(epoch):\(counter)" }
}

extension DotText: Codable {
    /// Reads the text form.
    /// - Throws: `DecodingError` for any other text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let dot = DotText(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is no dot; a dot is written id@epoch:counter")
        }
        self = dot
    }

    /// Writes the text form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

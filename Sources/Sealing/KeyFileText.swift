/// The text of a key file, read where it lies: a copy would stay behind in memory.
enum KeyFileText {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let prefix = Array(SealingKey.prefix.utf8)

    /// Where the digits of the one line that counts begin; `nil` when there is not one line, or not of `count` digits.
    static func digits(in text: Span<UInt8>, count: Int) -> Int? {
        var found: Int?
        // Editors of other systems put a mark before the text, and end lines in their own way.
        var start = begins(text, at: 0, with: byteOrderMark) ? byteOrderMark.count : 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n"), text[end] != UInt8(ascii: "\r") {
                end += 1
            }
            let next = end + 1
            while end > start, isBlank(text[end - 1]) { end -= 1 }
            if end > start, text[start] != UInt8(ascii: "#") {
                guard found == nil, begins(text, at: start, with: prefix),
                    end - start == prefix.count + count
                else { return nil }
                found = start + prefix.count
            }
            start = next
        }
        return found
    }

    /// What a hexadecimal digit stands for.
    static func value(ofDigit character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isBlank(_ character: UInt8) -> Bool {
        character == UInt8(ascii: " ") || character == UInt8(ascii: "\t")
    }

    private static func begins(_ text: Span<UInt8>, at start: Int, with beginning: [UInt8]) -> Bool {
        guard text.count - start >= beginning.count else { return false }
        return beginning.indices.allSatisfy { text[start + $0] == beginning[$0] }
    }
}

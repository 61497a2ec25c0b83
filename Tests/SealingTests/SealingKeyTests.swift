import Testing

@testable import Sealing

@Suite("keys")
struct SealingKeyTests {
    @Test("a new file holds a key that can be read, and never the same one twice")
    func newFiles() throws {
        let (first, second) = (try SealingKey.newFile(), try SealingKey.newFile())
        #expect(first != second)
        _ = try SealingKey(file: Array(first.utf8).span)
    }

    @Test(
        "comments, empty lines, line ends and byte order marks of other systems do not count",
        arguments: [
            ("", ""), ("\r\n", "\r\n"), ("\n\n", "\n\n"), ("\n# the cluster's\n", "\n# ours\n"),
            ("\u{FEFF}", "\r\n"),
            ("\u{FEFF}# ours\r\n", " \t\n"), (" \n", "\r"),
        ])
    func comments(before: String, after: String) throws {
        let line = SealingKey.prefix + String(repeating: "0a", count: 32)
        let text = before + line + after
        #expect(try SealingKey(file: Array(text.utf8).span).fingerprint == key(10).fingerprint)
    }

    @Test("capital digits are digits, and every digit of a key counts")
    func digits() throws {
        let texts = ["0A", "0a"].map { SealingKey.prefix + String(repeating: $0, count: 32) }
        let keys = try texts.map { try SealingKey(file: Array($0.utf8).span) }
        #expect(keys[0].fingerprint == keys[1].fingerprint)
        for place in 0..<64 {
            var text = Array(texts[1].utf8)
            text[SealingKey.prefix.utf8.count + place] = UInt8(ascii: "7")
            #expect(try SealingKey(file: text.span).fingerprint != keys[1].fingerprint)
        }
    }

    @Test(
        "what is not one whole key is refused",
        arguments: [
            "", "suspectd-key-1:", SealingKey.prefix + String(repeating: "0", count: 63),
            SealingKey.prefix + String(repeating: "0", count: 65),
            SealingKey.prefix + String(repeating: "g", count: 64), String(repeating: "0", count: 64),
            "suspectd-key-2:" + String(repeating: "0", count: 64),
            SealingKey.prefix + String(repeating: "0", count: 64) + "\n" + SealingKey.prefix
                + String(repeating: "1", count: 64),
        ])
    func refused(contents: String) {
        #expect(throws: SealingError.notAKey) { _ = try SealingKey(file: Array(contents.utf8).span) }
    }
}

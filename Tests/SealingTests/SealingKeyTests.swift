import Testing

@testable import Sealing

@Suite("keys")
struct SealingKeyTests {
    @Test("a new file holds a key that can be read, and never the same one twice")
    func newFiles() throws {
        let (first, second) = (try SealingKey.newFile(), try SealingKey.newFile())
        #expect(first != second)
        _ = try SealingKey(file: Array(first.utf8))
    }

    @Test(
        "comments, empty lines and line ends of other systems do not count",
        arguments: ["\r\n", "\n\n", "\n# the cluster's\n"])
    func comments(ending: String) throws {
        let line = SealingKey.prefix + String(repeating: "0a", count: 32)
        _ = try SealingKey(file: Array((ending + line + ending).utf8))
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
        #expect(throws: SealingError.notAKey) { _ = try SealingKey(file: Array(contents.utf8)) }
    }
}

import Glibc
import LinuxIO
import TestSupport
import Testing

@testable import Sealing

@Suite("key files")
struct KeyFilesTests {
    /// Loads files with these contents.
    private func load(_ contents: [String]) throws -> Keyring? {
        let folder = try TestFolder()
        return try withExtendedLifetime(folder) {
            let paths = contents.indices.map { folder.file("key\($0)") }
            for (text, path) in zip(contents, paths) { try SecretFile.create(Array(text.utf8), at: path) }
            return try KeyFiles.load(paths)
        }
    }

    private func line(_ byte: String) -> String {
        SealingKey.prefix + String(repeating: byte, count: 32) + "\n"
    }

    @Test("several files are one keyring, in their order")
    func order() throws {
        let keyring = try #require(try load([line("01"), line("02")]))
        #expect(keyring.fingerprints == (try [key(1), key(2)]).map(\.fingerprint))
        #expect(try load([]) == nil)
    }

    @Test("the same key under two names is refused: a user who copies the old one has not replaced it")
    func twins() {
        let failure = #expect(throws: KeyFiles.Failure.self) {
            try load([line("01"), line("02"), "# new\n" + line("01")])
        }
        #expect(failure?.description.contains("key0\" and \"") == true)
        #expect(failure?.description.contains("hold the same key") == true)
    }

    @Test(
        "a file without a whole key is refused by name",
        arguments: ["", "\0\0\0\0", SealingKey.prefix + String(repeating: "07", count: 31)])
    func noKey(contents: String) {
        let failure = #expect(throws: KeyFiles.Failure.self) { try load([contents]) }
        #expect(failure?.description.contains("key0: does not hold a key") == true)
    }

    @Test("more keys than are worth a try on every datagram of a flood are refused")
    func tooMany() {
        let failure = #expect(throws: KeyFiles.Failure.self) {
            try KeyFiles.load((0...Keyring.limit).map { "/key\($0)" })
        }
        #expect(failure?.description.contains("at most 8") == true)
    }
}

import Glibc
import LinuxIO
import Testing

@testable import Sealing

@Suite("key files")
struct KeyFilesTests {
    /// Loads files with these contents.
    private func load(_ contents: [String]) throws -> Keyring? {
        var template = Array("/tmp/suspectd-keys-XXXXXX\0".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        let folder = String(decoding: template.dropLast(2).map(UInt8.init(bitPattern:)), as: UTF8.self)
        var paths: [String] = []
        defer {
            for path in paths { remove(path) }
            rmdir(folder)
        }
        for text in contents {
            paths.append("\(folder)/key\(paths.count)")
            try SecretFile.create(Array(text.utf8), at: paths[paths.count - 1])
        }
        return try KeyFiles.load(paths)
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

import Glibc
import Testing

@testable import Configuration

@Suite("A file that cannot be used")
struct FileErrorTests {
    @Test("because it is missing is named with the remedy")
    func missing() throws {
        #expect(
            try ConfigurationFolder().errors() == [
                "suspectd.toml: cannot be read: No such file or directory; create the file, or name another one"
            ])
    }

    @Test("because it is a folder is refused")
    func folder() throws {
        let folder = try ConfigurationFolder()
        do {
            _ = try ConfigurationLoader.load(path: folder.path, environment: .test)
            Issue.record("a folder was accepted")
        } catch {
            #expect(error.description == "\(folder.path): is not a regular file; name a file in TOML format")
        }
    }

    @Test("because it is a FIFO is refused without waiting for a writer")
    func fifo() throws {
        let folder = try ConfigurationFolder()
        try #require(mkfifo(folder.mainPath, 0o600) == 0)
        defer { unlink(folder.mainPath) }
        #expect(folder.errors() == ["suspectd.toml: is not a regular file; name a file in TOML format"])
    }

    @Test("because its permissions forbid it is named with the remedy", .enabled(if: geteuid() != 0))
    func forbidden() throws {
        let folder = try ConfigurationFolder(main: "")
        chmod(folder.mainPath, 0)
        #expect(
            folder.errors() == [
                "suspectd.toml: cannot be read: Permission denied; "
                    + "let the user who starts this read it (chown or chmod)"
            ])
    }

    @Test("because it is no UTF-8 is named with the line")
    func encoding() throws {
        let folder = try ConfigurationFolder()
        try folder.write("suspectd.toml", bytes: Array("# ü\n# ".utf8) + [0xFC, 0x0A])
        #expect(folder.errors() == ["suspectd.toml:2: is not valid UTF-8; save the file as UTF-8"])
    }

    @Test("because it holds a NUL byte is named with the line")
    func nul() throws {
        let folder = try ConfigurationFolder(main: "\n\n# \0\n")
        #expect(
            folder.errors() == ["suspectd.toml:3: contains a NUL byte; save the file as plain UTF-8 text"])
    }

    @Test("because a string holds an escaped NUL is named with the line")
    func escapedNul() throws {
        let folder = try ConfigurationFolder(main: "[node]\nid = \"a\\u0000b\"\n")
        #expect(
            folder.errors() == [
                "suspectd.toml:2: a string contains an escaped NUL character; remove the \\u0000"
            ])
    }

    @Test("because it is larger than 1 MiB is refused, one of exactly 1 MiB is not")
    func size() throws {
        let filler = String(repeating: "#", count: SourceFile.maximumSize - quietStart.utf8.count - 1)
        let folder = try ConfigurationFolder(main: quietStart + "\n" + filler)
        #expect(folder.errors() == [])
        try folder.write("suspectd.toml", quietStart + "\n" + filler + "#")
        #expect(
            folder.errors() == [
                "suspectd.toml: is larger than 1 MiB; remove what does not belong in a configuration"
            ])
    }

    @Test("because it nests too deep is refused before the parser recurses")
    func nesting() throws {
        let folder = try ConfigurationFolder(main: "\n" + String(repeating: "a.", count: 200_000) + "a = [1")
        #expect(
            folder.errors() == [
                "suspectd.toml:2: tables or arrays are nested more than 32 deep; "
                    + "no key of a configuration needs that; look for a missing ] or }"
            ])
    }
}

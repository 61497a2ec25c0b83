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

@Suite("A syntax error")
struct SyntaxErrorTests {
    private static let quotes = "put texts, addresses and durations in quotes, for example \"200ms\""
    private static let pair = "write key = value, for example id = \"db1\""
    private static let table = "write a table as [name] and a list entry as [[peer]]"
    private static let once = "define each key and each table once per file"
    private static let close = "close the string, array or table that begins here"

    @Test(
        "has the parser's line and column and a remedy",
        arguments: [
            ("\na = 200ms", "2:8: syntax: decimal integer: expected digit, saw 'm'; " + quotes),
            ("a = 2.5s", "1:8: syntax: floating-point: expected decimal digit, saw 's'; " + quotes),
            ("a = db1", "1:5: syntax: value: could not determine value type; " + quotes),
            ("[node\nid = 1", "1:6: syntax: table header: expected ']', saw '\\n'; " + table),
            ("[peer]]", "1:7: syntax: table header: expected a comment or whitespace, saw ']'; " + table),
            ("id", "1:3: syntax: key-value pair: encountered end-of-file; " + pair),
            ("key: 1", "1:4: syntax: key-value pair: expected '=', saw ':'; " + pair),
            ("a = [1,2", "1:9: syntax: array: encountered end-of-file; " + close),
            ("a = \"x", "1:6: syntax: string: encountered end-of-file; " + close),
            ("[a]\nb=1\nb=2", "3:3: syntax: key-value pair: cannot redefine existing integer 'b'; " + once),
            ("[a]\n[a]", "2:1: syntax: table header: cannot redefine existing table 'a'; " + once),
            (
                "a = [1 2]",
                "1:8: syntax: array: expected comma or closing ']', saw '2'; "
                    + "separate the elements with commas and close the array with ]"
            ),
            (
                "a = 1 b = 2",
                "1:7: syntax: key-value pair: expected a comment or whitespace, saw 'b'; "
                    + "write one key = value per line, and comments after #"
            ),
            (
                "a = {b=1,}",
                "1:10: syntax: inline table: expected key-value pair, saw closing '}' (dangling comma); "
                    + "remove the last comma"
            ),
            (
                "a = \"\\q\"",
                "1:7: syntax: string: unknown escape sequence '\\q'; "
                    + "close the string with the quote that opened it; write \\\\ for a backslash"
            ),
        ])
    func messages(text: String, message: String) throws {
        #expect(try ConfigurationFolder(main: text).errors() == ["suspectd.toml:" + message])
    }

    @Test("in one file hides no error of the others, and invents none")
    func otherFiles() throws {
        // The broken main file might well have said allow_unauthenticated and listed the peers.
        let folder = try ConfigurationFolder(
            main: "[node\n",
            dropIns: ["1.toml": "[ping]\nretries = 50\n", "2.toml": "x =", "3.toml": "[pong]\n"])
        #expect(
            folder.errors() == [
                "suspectd.toml:1:6: syntax: table header: expected ']', saw '\\n'; " + Self.table,
                "conf.d/1.toml:2: ping.retries: 50 is out of range; write a whole number from 0 to 20",
                "conf.d/2.toml:1:4: syntax: key-value pair: encountered end-of-file; " + Self.pair,
                "conf.d/3.toml:1: pong: unknown table; did you mean [ping]?",
            ])
    }
}

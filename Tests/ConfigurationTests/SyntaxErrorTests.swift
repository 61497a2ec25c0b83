import Testing

@testable import Configuration

@Suite("A syntax error")
struct SyntaxErrorTests {
    private static let quotes = "put texts, addresses and durations in quotes, for example \"200ms\""
    private static let pair = "write key = value, for example id = \"db1\""
    private static let table = "write a table as [name] and a list entry as [[peer]]"
    private static let once = "define each key and each table once per file"
    private static let close = "close the string, array or table that begins here"
    private static let commas = "separate the elements with commas and close the array with ]"

    /// The text, the position and description, the remedy.
    private static let reported: [(String, String, String)] = [
        (
            "a = \"x\nb = 1",
            "1:7: syntax: string: unescaped control characters other than TAB (U+0009) are explicitly prohibited",
            "close the text with the quote that opened it, on its line; write \\t for a tab"
        ),
        ("\na = 200ms", "2:8: syntax: decimal integer: expected digit, saw 'm'", quotes),
        ("a = 2.5s", "1:8: syntax: floating-point: expected decimal digit, saw 's'", quotes),
        ("a = db1", "1:5: syntax: value: could not determine value type", quotes),
        ("[node\nid = 1", "1:6: syntax: table header: expected ']', saw '\\n'", table),
        ("[peer]]", "1:7: syntax: table header: expected a comment or whitespace, saw ']'", table),
        ("id", "1:3: syntax: key-value pair: encountered end-of-file", pair),
        ("key: 1", "1:4: syntax: key-value pair: expected '=', saw ':'", pair),
        ("a = [1,2", "1:9: syntax: array: encountered end-of-file", close),
        ("a = \"x", "1:7: syntax: string: encountered end-of-file", close),
        ("[a]\nb=1\nb=2", "3:3: syntax: key-value pair: cannot redefine existing integer 'b'", once),
        (
            "[peer]\n[peer]", "2:1: syntax: table header: cannot redefine existing table 'peer'",
            "write each peer as [[peer]], with two brackets"
        ),
        ("[a]\n[a]", "2:1: syntax: table header: cannot redefine existing table 'a'", once),
        ("a = [1 2]", "1:8: syntax: array: expected comma or closing ']', saw '2'", commas),
        (
            "a = 1 b = 2", "1:7: syntax: key-value pair: expected a comment or whitespace, saw 'b'",
            "write one key = value per line, and comments after #"
        ),
        (
            "a = {b=1,}",
            "1:10: syntax: inline table: expected key-value pair, saw closing '}' (dangling comma)",
            "remove the last comma"
        ),
        (
            "a = \"\\q\"", "1:7: syntax: string: unknown escape sequence '\\q'",
            "close the string with the quote that opened it; write \\\\ for a backslash"
        ),
    ]

    /// `file:1:5: syntax: what to do; the parser says: its words`.
    private static func line(_ problem: String, _ remedy: String, _ file: String = "suspectd.toml") -> String
    {
        let kind = " syntax: "
        guard let range = problem.firstRange(of: kind) else { return problem }
        return
            "\(file):\(problem[..<range.lowerBound])\(kind)\(remedy); the parser says: \(problem[range.upperBound...])"
    }

    @Test("has the parser's line and column, and what to do before the parser's words", arguments: reported)
    func messages(text: String, problem: String, remedy: String) throws {
        #expect(try ConfigurationFolder(main: text).errors() == [Self.line(problem, remedy)])
    }

    private static let hazards: [(String, String, String)] = [
        ("\n[=]", "2: syntax: table header: expected a name after the bracket", table),
        ("[[ #]]", "1: syntax: table header: expected a name after the bracket", table),
        ("[\n[node]", "1: syntax: table header: expected a name after the bracket", table),
        (
            "a = 2026-01-01Tx", "1: syntax: date-time: expected a date as 2026-01-31, or nothing like one",
            quotes
        ),
        (
            "a = 2026-01-01 0 ", "1: syntax: date-time: expected a date as 2026-01-31, or nothing like one",
            quotes
        ),
        ("b = 1\na = [\n1,\n}", "4: syntax: array: expected a value or ]", commas),
        ("a = [\u{A0}1]", "1: syntax: array: expected a value or ]", commas),
    ]

    @Test("that would make the parser abort is reported all the same", arguments: hazards)
    func aborts(text: String, problem: String, remedy: String) throws {
        #expect(try ConfigurationFolder(main: text).errors() == [Self.line(problem, remedy)])
    }

    @Test("before one that would make the parser abort is the one that is reported")
    func firstError() throws {
        #expect(
            try ConfigurationFolder(main: "x = y\n[=]").errors() == [
                Self.line("1:5: syntax: value: could not determine value type", Self.quotes)
            ])
    }

    @Test(
        "is not seen in what only looks like one",
        arguments: [
            "[ \"a\" ]", "[[ 'a' ]]", "[-_1]", "a = [{b = 1}, {}]", "a = 2026-01-01T10:00:00",
            "a = 2026-01-01 # Tx",
            "a = '[='\n# [=\n",
        ])
    func harmless(text: String) {
        #expect(KeyLocator(text).hazard == nil)
    }

    @Test("in one file hides no error of the others, and invents none")
    func otherFiles() throws {
        // The broken main file might well have said allow_unauthenticated and listed the peers.
        let folder = try ConfigurationFolder(
            main: "[node\n",
            dropIns: ["1.toml": "[ping]\nretries = 50\n", "2.toml": "x =", "3.toml": "[pong]\n"])
        #expect(
            folder.errors() == [
                Self.line("1:6: syntax: table header: expected ']', saw '\\n'", Self.table),
                "conf.d/1.toml:2: ping.retries: 50 is out of range; write a whole number from 0 to 20",
                Self.line("1:4: syntax: key-value pair: encountered end-of-file", Self.pair, "conf.d/2.toml"),
                "conf.d/3.toml:1: pong: unknown table; did you mean [ping]?",
            ])
    }
}

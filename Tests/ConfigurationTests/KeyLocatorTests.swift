import Testing

@testable import Configuration

@Suite("The locator finds the line")
struct KeyLocatorTests {
    private func line(_ path: PathStep..., in text: String) -> Int? { KeyLocator(text).lines[path] }

    @Test("of plain keys below tables, past comments and blank lines")
    func plainKeys() {
        let text = "# [node]\n\n[node] # x = 1\n  id = \"a\" # id = 2\n\n\t[ ping ]\nretries=4\n"
        #expect(line(.key("node"), in: text) == 3)
        #expect(line(.key("node"), .key("id"), in: text) == 4)
        #expect(line(.key("ping"), .key("retries"), in: text) == 7)
        #expect(line(.key("node"), .key("x"), in: text) == nil)
    }

    @Test("of dotted and quoted keys and dotted headers")
    func dottedKeys() {
        let text =
            "node.id = 1\n[detection . \"target\"]\n'detection time' = 2\n\"a\\u0062\\t\".c = 3\n[\"x.y\"]\nz = 1\n"
        #expect(line(.key("node"), .key("id"), in: text) == 1)
        #expect(line(.key("detection"), .key("target"), .key("detection time"), in: text) == 3)
        #expect(line(.key("detection"), .key("target"), .key("ab\t"), .key("c"), in: text) == 4)
        #expect(line(.key("x.y"), .key("z"), in: text) == 6)
    }

    @Test("of each element of an array of tables, and of tables below the last one")
    func arraysOfTables() {
        let text = "[[peer]]\nid = 1\n[[peer]]\nid = 2\n[peer.more]\nx = 1\n[node]\nid = 3\n[[peer]]\n"
        #expect(line(.key("peer"), in: text) == 1)
        #expect(line(.key("peer"), .index(0), .key("id"), in: text) == 2)
        #expect(line(.key("peer"), .index(1), in: text) == 3)
        #expect(line(.key("peer"), .index(1), .key("id"), in: text) == 4)
        #expect(line(.key("peer"), .index(1), .key("more"), .key("x"), in: text) == 6)
        #expect(line(.key("node"), .key("id"), in: text) == 8)
        #expect(line(.key("peer"), .index(2), in: text) == 9)
    }

    @Test("of the elements of arrays over several lines, with comments and trailing commas")
    func multilineArrays() {
        let text = "listen = [ # a ] b\n  \"x]\",\n\n  'y', # ,\n  [1,\n  2],\n]\nid = 1\n"
        #expect(line(.key("listen"), .index(0), in: text) == 2)
        #expect(line(.key("listen"), .index(1), in: text) == 4)
        #expect(line(.key("listen"), .index(2), .index(1), in: text) == 6)
        #expect(line(.key("id"), in: text) == 8)
    }

    @Test("of keys in inline tables")
    func inlineTables() {
        let text =
            "peer = [\n { id = \"a\", ping.retries = 1 },\n { id = \"b\" },\n]\nafter = { x = [1,\n2] }\nlast = 1\n"
        #expect(line(.key("peer"), .index(0), .key("ping"), .key("retries"), in: text) == 2)
        #expect(line(.key("peer"), .index(1), .key("id"), in: text) == 3)
        #expect(line(.key("after"), .key("x"), .index(1), in: text) == 6)
        #expect(line(.key("last"), in: text) == 7)
    }

    @Test("after strings that look like something else")
    func strings() {
        let quotes = "\"\"\""
        let text = """
            a = "x # \\" [node]"
            b = 'c:\\'
            c = \(quotes)
            [no]
            d = 1 \\\(quotes)
            \(quotes)\("\"\"")
            e = '''
            f = 1'''
            g = 1979-05-27 07:32:00 # date
            h = 1
            """
        #expect(line(.key("b"), in: text) == 2)
        #expect(line(.key("d"), in: text) == nil)
        #expect(line(.key("no"), in: text) == nil)
        #expect(line(.key("e"), in: text) == 7)
        #expect(line(.key("f"), in: text) == nil)
        #expect(line(.key("h"), in: text) == 10)
    }

    @Test("with Windows line ends, a byte order mark and no final line end")
    func lineEnds() {
        let text = "\u{FEFF}id = 1\r\n[node]\r\nid = \"a\"\r\nlisten = 2"
        #expect(line(.key("id"), in: text) == 1)
        #expect(line(.key("node"), .key("listen"), in: text) == 4)
    }

    @Test("and gives up on nesting that no configuration has")
    func nesting() {
        #expect(KeyLocator("a = " + String(repeating: "[", count: 100_000)).tooDeepLine == 1)
        #expect(KeyLocator("\na = " + String(repeating: "{b=", count: 100_000)).tooDeepLine == 2)
        #expect(KeyLocator(String(repeating: "a.", count: 100_000) + "a = 1").tooDeepLine == 1)
        #expect(KeyLocator("[" + String(repeating: "a.", count: 100_000) + "a]").tooDeepLine == 1)
        #expect(KeyLocator("a = [[[[1]]]]").tooDeepLine == nil)
    }

    @Test(
        "of an escaped NUL, but not of one that is none",
        arguments: [
            ("a = \"\\u0000\"", 1), ("\n\"x\\U00000000\" = 1", 2), ("a = '\\u0000'", nil),
            ("a = \"\\\\u0000\"", nil),
            ("# \"\\u0000\"", nil), ("a = \"\\u00001\"", 1), ("a = \"\\u0001\"", nil),
        ] as [(String, Int?)])
    func escapedNul(text: String, line: Int?) {
        #expect(KeyLocator(text).escapedNulLine == line)
    }
}

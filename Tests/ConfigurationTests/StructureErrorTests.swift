import Testing

@testable import Configuration

@Suite("What does not belong there")
struct StructureErrorTests {
    private static let tables =
        "the tables are [node], [detection], [ping], [verdict], [security], [[peer]], [[service]]"

    @Test(
        "is an error with a suggestion",
        arguments: [
            ("[detecion]", "5: detecion: unknown table; did you mean [detection]?"),
            ("[[peers]]", "5: peers: unknown key outside of any table; did you mean [[peer]]?"),
            ("[logging]\nlevel = 1", "5: logging: unknown table; " + tables),
            ("[\"a b\"]", "5: \"a b\": unknown table; " + tables),
            (
                "[detection]\nhearbeat_interval = \"1s\"",
                "6: detection.hearbeat_interval: unknown key; did you mean \"heartbeat_interval\"?"
            ),
            ("[node]\nmargin = \"1s\"", "6: node.margin: unknown key; it belongs in [detection]"),
            ("[node]\naddress = \"1s\"", "6: node.address: unknown key; it belongs in [[peer]]"),
            ("[detection]\nretries = 3", "6: detection.retries: unknown key; it belongs in [ping]"),
            (
                "[ping]\ncolour = 3",
                "6: ping.colour: unknown key; "
                    + "the keys of [ping] are retries, minimum_timeout, maximum_timeout, maximum_round"
            ),
            ("[detection.taget]\n", "5: detection.taget: unknown key; did you mean \"target\"?"),
            (
                "[ping]\n\"\" = 3\nretries = 1",
                "6: ping.\"\": unknown key; the keys of [ping] are "
                    + "retries, minimum_timeout, maximum_timeout, maximum_round"
            ),
        ])
    func unknown(text: String, message: String) throws {
        #expect(try errors(text) == ["suspectd.toml:" + message])
    }

    @Test("is an error when it stands outside of any table")
    func outside() throws {
        #expect(
            try ConfigurationFolder(main: "margin = \"1s\"\ncolour = 1\n" + quietStart).errors() == [
                "suspectd.toml:1: margin: stands outside of any table; move it below [detection]",
                "suspectd.toml:2: colour: unknown key outside of any table; " + Self.tables,
            ])
    }

    @Test(
        "is an error when a table has the wrong form",
        arguments: [
            (
                "[[node]]\nid = \"a\"",
                "5: node: is an array of tables, expected a table; "
                    + "write [node] on a line of its own and the keys below it"
            ),
            (
                "[node.id]",
                "5: node.id: is a table, expected a string; write it in quotes, for example id = \"…\""
            ),
        ])
    func wrongForm(text: String, message: String) throws {
        #expect(try errors(text) == ["suspectd.toml:" + message])
    }

    @Test("is an error when the list of peers is none")
    func peerForm() throws {
        let rest = "[security]\nallow_unauthenticated = true\n"
        #expect(
            try ConfigurationFolder(main: "[peer]\nid = \"a\"\n" + rest).errors() == [
                "suspectd.toml:1: peer: is a table, expected an array of tables; "
                    + "write [[peer]] before the keys of each peer"
            ])
        #expect(
            try ConfigurationFolder(main: "peer = [{ id = \"a\", address = \"a:1\" }, 3]\n" + rest).errors()
                == [
                    "suspectd.toml:1: peer[#2]: is an integer, expected a table; "
                        + "write [[peer]] on a line of its own and the keys below it"
                ])
        #expect(
            try ConfigurationFolder(main: "ping = 4\n" + quietStart).errors() == [
                "suspectd.toml:1: ping: is an integer, expected a table; "
                    + "write [ping] on a line of its own and the keys below it"
            ])
    }
}

@Suite("A peer")
struct PeerErrorTests {
    private static let quiet = "[security]\nallow_unauthenticated = true\n"

    private func errors(_ peers: String) throws -> [String] {
        try ConfigurationFolder(main: Self.quiet + peers).errors()
    }

    @Test("without id or address is an error at its header")
    func missing() throws {
        #expect(
            try errors("[[peer]]\nid = \"a\"\n[[peer]]\naddress = \"b:1\"\n") == [
                "suspectd.toml:3: peer[a].address: is missing; add address = \"db1.example.net:7946\" to this [[peer]]",
                "suspectd.toml:5: peer[#2].id: is missing; add id = \"db1\" to this [[peer]]",
            ])
    }

    @Test("with the id or address of another is an error that names both positions")
    func duplicates() throws {
        let peer = "[[peer]]\nid = \"a\"\naddress = \"a:1\"\n"
        #expect(
            try errors(peer + peer) == [
                "suspectd.toml:7: peer[a].id: is already used at suspectd.toml:4; give every peer an id of its own",
                "suspectd.toml:8: peer[a].address: \"a:1\" is already the address of peer[a] at suspectd.toml:5; "
                    + "give every peer an address of its own",
            ])
    }

    @Test("in a drop-in with the id of one in the main file is an error that names both files")
    func duplicateAcrossFiles() throws {
        let folder = try ConfigurationFolder(
            main: Self.quiet + "[[peer]]\nid = \"a\"\naddress = \"a:1\"\n",
            dropIns: ["more.toml": "\n[[peer]]\nid = \"a\"\naddress = \"a:2\"\n"])
        #expect(
            folder.errors() == [
                "conf.d/more.toml:3: peer[a].id: is already used at suspectd.toml:4; give every peer an id of its own"
            ])
    }

    @Test("with wrong values is an error for each, under its id")
    func values() throws {
        let text = """
            [[peer]]
            id = "a"
            address = "a"
            margin = 3
            minimum_timeout = "2s"
            maximum_timeout = "1s"
            detector = "psi"
            listen = []
            """
        #expect(
            try errors(text).map { $0.prefix { $0 != ";" } } == [
                "suspectd.toml:5: peer[a].address: \"a\" lacks a port",
                "suspectd.toml:6: peer[a].margin: 3 has no unit",
                "suspectd.toml:7: peer[a].minimum_timeout: "
                    + "\"2s\" is longer than maximum_timeout \"1s\" at suspectd.toml:8",
                "suspectd.toml:9: peer[a].detector: \"psi\" is not known",
                "suspectd.toml:10: peer[a].listen: unknown key",
            ])
    }

    @Test("whose minimum is above the maximum of [ping] is an error, and [ping] itself is none")
    func inheritedBounds() throws {
        let text =
            "[ping]\nmaximum_timeout = \"1s\"\n[[peer]]\nid = \"a\"\naddress = \"a:1\"\nminimum_timeout = \"2s\"\n"
        #expect(
            try errors(text) == [
                "suspectd.toml:8: peer[a].minimum_timeout: "
                    + "\"2s\" is longer than maximum_timeout \"1s\" at suspectd.toml:4; "
                    + "write a minimum of at most the maximum"
            ])
    }

    @Test("is one of at most 4096")
    func count() throws {
        let peers = (1...4096).map { "[[peer]]\nid = \"n\($0)\"\naddress = \"n\($0).example:1\"\n" }.joined()
        #expect(try errors(peers) == [])
        #expect(
            try errors(peers + "[[peer]]\nid = \"last\"\naddress = \"last:1\"\n") == [
                "suspectd.toml:12291: peer: there are 4097 peers; watch at most 4096"
            ])
    }
}

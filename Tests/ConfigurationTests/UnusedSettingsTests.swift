import Glibc
import Testing

@testable import Configuration

@Suite("A setting without effect is warned of")
struct UnusedSettingsTests {
    private func warnings(_ text: String) throws -> [String] {
        let peers = "peer = [{ id = \"me\", address = \"me:1\" }, { id = \"b\", address = \"b:1\" }]\n"
        return try ConfigurationFolder(main: peers + text).warnings()
    }

    private static let open = "[security]\nallow_unauthenticated = true\n"

    @Test(
        "pings in a mode without them, a log that is not kept, a permission that keys make idle",
        arguments: [
            (
                open + "[detection]\nmode = \"heartbeat\"\n[ping]\nretries = 3\n",
                "7: ping.retries: has no effect in mode \"heartbeat\""
            ),
            (
                open + "[detection]\nmode = \"heartbeat\"\n[ping]\nmaximum_round = \"2s\"\n",
                "7: ping.maximum_round: has no effect in mode \"heartbeat\""
            ),
            (
                open + "[node]\ncausal_log = false\ncausal_log_size = 8\n",
                "6: node.causal_log_size: has no effect, for causal_log is false"
            ),
            (
                open + "[node]\ncausal_log = false\ncausal_log_states_only = true\n",
                "6: node.causal_log_states_only: has no effect, for causal_log is false"
            ),
            (
                "[security]\nkeys = [\"/k\"]\nallow_unauthenticated = true\n",
                "4: security.allow_unauthenticated: has no effect beside keys"
            ),
        ])
    func unused(text: String, expected: String) throws {
        let found = try warnings(text)
        #expect(found.count == 1 && found[0].hasPrefix("suspectd.toml:" + expected), "\(found)")
    }

    @Test(
        "what has an effect is not",
        arguments: [
            open + "[ping]\nretries = 3\n",
            open + "[detection]\nmode = \"heartbeat\"\n[ping]\nmaximum_timeout = \"2s\"\n",
            open + "[node]\ncausal_log = true\ncausal_log_size = 8\n",
            "[security]\nkeys = [\"/k\"]\nallow_unauthenticated = false\n",
        ])
    func used(text: String) throws {
        #expect(try warnings(text) == [])
    }

    @Test("of a peer by the name of its table, and not where one peer of several is pinged")
    func peers() throws {
        let text = """
            [security]
            allow_unauthenticated = true
            [detection]
            mode = "heartbeat"
            [ping]
            retries = 3
            [[peer]]
            id = "b"
            address = "b:1"
            mode = "heartbeat+ping"
            [[peer]]
            id = "c"
            address = "c:1"
            minimum_timeout = "20ms"
            [[peer]]
            id = "me"
            address = "me:1"
            """
        let found = try ConfigurationFolder(main: text).warnings()
        #expect(found.count == 1 && found[0].contains("14: peer[c].minimum_timeout: "), "\(found)")
    }

    @Test(
        "a file of conf.d that is not read but looks as if it should be, is named; copies of editors are not")
    func overlooked() throws {
        let folder = try ConfigurationFolder(
            main: quietStart,
            dropIns: ["A.TOML": "?", "b.conf": "?", "c.toml~": "?", "d.toml.dpkg-dist": "?"])
        #expect(
            try folder.warnings() == [
                "conf.d/A.TOML: is not read: of this folder only files are read of which the name ends in .toml; "
                    + "rename it to A.toml, or remove it",
                "conf.d/b.conf: is not read: of this folder only files are read of which the name ends in .toml; "
                    + "rename it to b.toml, or remove it",
            ])
    }

    @Test("a conf.d that is a file, or a link to nothing")
    func noFolder() throws {
        let folder = try ConfigurationFolder(main: quietStart)
        try folder.write("conf.d", "")
        let expected = [
            "conf.d: is no folder, so no file is read from it; make it a folder of files *.toml, or remove it"
        ]
        #expect(try folder.warnings() == expected)
        unlink(folder.path + "/conf.d")
        #expect(symlink("/nowhere/at/all", folder.path + "/conf.d") == 0)
        #expect(try folder.warnings() == expected)
    }
}

@Suite("One mistake is one error")
struct SingleErrorTests {
    /// A good configuration, a line each, of which one at a time is spoilt.
    private static let good = [
        "[node]", "id = \"a\"", "listen = [\"0.0.0.0:7946\"]", "[security]", "keys = [\"/k\"]", "[detection]",
        "profile = \"lan\"", "[[peer]]", "id = \"b\"", "address = \"192.0.2.2:7946\"", "[detection.target]",
        "detection_time = \"1s\"",
    ]

    @Test(
        "and nothing that follows from it is another, nor a warning",
        arguments: [
            (1, "id = \"a b\""), (1, "id = 3"), (2, "listen = \"0.0.0.0:7946\""), (2, "listen = [\"x\"]"),
            (2, "listn = [\"0.0.0.0:7946\"]"), (2, "listen = [\"224.0.0.1:7946\"]"), (3, "[securty]"),
            (4, "key = [\"/k\"]"), (4, "keys = \"/k\""), (4, "keys = [3]"), (4, "kyes = [\"/k\"]"),
            (4, "allow_unauthenticatd = true"), (4, "allow_unauthenticated = \"yes\""), (5, "[detecton]"),
            (6, "profile = \"lam\""), (6, "detector = \"phi\""), (6, "mode = 1"), (7, "[peer]"),
            (7, "[[peers]]"),
            (8, "id = \"b c\""), (8, "name = \"b\""), (9, "address = \"192.0.2.2\""),
            (9, "address = \"192.0.2.2:0\""),
            (9, "adress = \"192.0.2.2:7946\""), (11, "detection_time = 1"), (11, "detection_tim = \"1s\""),
            (11, "detection_time = \"0s\""), (10, "[detection.targets]"), (8, "id ="), (8, "id = \"b"),
        ])
    func spoilt(line: Int, text: String) throws {
        var lines = Self.good
        #expect(try ConfigurationFolder(main: lines.joined(separator: "\n")).warnings() == [])
        lines[line] = text
        let folder = try ConfigurationFolder(main: lines.joined(separator: "\n"))
        do {
            _ = try folder.load()
            Issue.record("it is taken")
        } catch {
            #expect(error.errors.count == 1, "\(error)")
            #expect(error.warnings.isEmpty, "\(error.warnings)")
        }
    }
}

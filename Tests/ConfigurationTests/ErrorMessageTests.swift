import Testing

@testable import Configuration

@Suite("An error message")
struct ErrorMessageTests {
    @Test(
        "names a duration's fault",
        arguments: [
            (
                "heartbeat_interval = 200",
                "200 has no unit; write it with its unit in quotes, for example \"200ms\" or \"200s\""
            ),
            (
                "heartbeat_interval = 1.5",
                "1.5 has no unit; write it with its unit in quotes, for example \"1.5ms\" or \"1.5s\""
            ),
            ("heartbeat_interval = \"200\"", "\"200\" has no unit; write \"200ms\" or \"200s\""),
            (
                "heartbeat_interval = \"2 msec\"",
                "\"2 msec\" has the unknown unit \" msec\"; use ns, us, ms, s, min, h or d, without a space"
            ),
            (
                "heartbeat_interval = \"-2ms\"",
                "\"-2ms\" is negative; write a number with its unit, for example \"200ms\""
            ),
            (
                "heartbeat_interval = \"soon\"",
                "\"soon\" is not a duration; write a number with its unit, for example \"200ms\""
            ),
            (
                "heartbeat_interval = \"9999999999d\"",
                "\"9999999999d\" is longer than can be counted in nanoseconds; write a shorter duration"
            ),
            (
                "heartbeat_interval = \"4ms\"",
                "\"4ms\" is out of range; write a duration from \"5ms\" to \"1h\""
            ),
            (
                "heartbeat_interval = \"61min\"",
                "\"61min\" is out of range; write a duration from \"5ms\" to \"1h\""
            ),
            (
                "heartbeat_interval = true",
                "is a boolean, expected a duration; write it with its unit in quotes, for example \"200ms\""
            ),
            (
                "heartbeat_interval = inf",
                "is a floating-point number, expected a duration; "
                    + "write it with its unit in quotes, for example \"200ms\""
            ),
        ])
    func durations(line: String, message: String) throws {
        #expect(
            try errors("[detection]\n" + line) == [
                "suspectd.toml:6: detection.heartbeat_interval: \(message)"
            ])
    }

    @Test(
        "names a value of the wrong type or out of range",
        arguments: [
            (
                "[node]\nid = 4",
                "node.id: is an integer, expected a string; write it in quotes, for example id = \"…\""
            ),
            (
                "[node]\nid = 2026-01-01",
                "node.id: is a date or time, expected a string; write it in quotes, for example id = \"…\""
            ),
            (
                "[node]\ncausal_log = \"yes\"",
                "node.causal_log: is a string, expected a boolean; write true or false without quotes"
            ),
            (
                "[node]\nlisten = \"0.0.0.0:1\"",
                "node.listen: is a string, expected an array; write listen = [\"0.0.0.0:7946\"]"
            ),
            (
                "[node]\nlisten = [1]",
                "node.listen: is an integer, expected a string; write it in quotes, for example [\"0.0.0.0:7946\"]"
            ),
            (
                "[node]\nlisten = []",
                "node.listen: names no address; write listen = [\"0.0.0.0:7946\"], or remove the key"
            ),
            (
                "[node]\nlisten = [\"db1:7946\"]",
                "node.listen: \"db1:7946\" is a name, and names can change; write a numeric address, for example \"0.0.0.0:7946\""
            ),
            (
                "[node]\nlisten = [\"0.0.0.0\"]",
                "node.listen: \"0.0.0.0\" lacks a port; write host:port, as in \"0.0.0.0:7946\""
            ),
            (
                "[node]\nlisten = [\"[::]:1\", \"[::]:1\"]",
                "node.listen: \"[::]:1\" is already listed at suspectd.toml:6; keep one of the two"
            ),
            (
                "[node]\nstate_directory = \"\"",
                "node.state_directory: is empty; write a path, or remove the key"
            ),
            ("[node]\nstatus_socket = \"\"", "node.status_socket: is empty; write a path, or remove the key"),
            (
                "[ping]\nretries = \"4\"",
                "ping.retries: is a string, expected an integer; write a whole number from 0 to 20 without quotes"
            ),
            ("[ping]\nretries = 21", "ping.retries: 21 is out of range; write a whole number from 0 to 20"),
            ("[ping]\nretries = -1", "ping.retries: -1 is out of range; write a whole number from 0 to 20"),
            (
                "[detection]\nthreshold = \"8\"",
                "detection.threshold: is a string, expected a number; write a number from 0.1 to 300.0 without quotes"
            ),
            (
                "[detection]\nthreshold = 0",
                "detection.threshold: 0.0 is out of range; write a number from 0.1 to 300.0 without quotes"
            ),
            (
                "[detection]\nthreshold = nan",
                "detection.threshold: nan is out of range; write a number from 0.1 to 300.0 without quotes"
            ),
            (
                "[verdict]\nquorum = \"most\"",
                "verdict.quorum: \"most\" is not known; write \"majority\", \"all\" or a number from 1 to 4096"
            ),
            (
                "[verdict]\nquorum = 0",
                "verdict.quorum: 0 is out of range; write \"majority\", \"all\" or a number from 1 to 4096"
            ),
            (
                "[verdict]\nquorum = 0.5",
                "verdict.quorum: is a floating-point number, expected a string or an integer; write \"majority\", \"all\" or a number from 1 to 4096"
            ),
            (
                "[detection]\nprofile = \"LAN\"",
                "detection.profile: \"LAN\" is not known; did you mean \"lan\"?"
            ),
            (
                "[detection]\nmode = \"multicast\"",
                "detection.mode: \"multicast\" is not known; use heartbeat+ping, heartbeat or ping"
            ),
            (
                "[detection]\ndetector = \"mediam\"",
                "detection.detector: \"mediam\" is not known; did you mean \"median\"?"
            ),
        ])
    func values(text: String, message: String) throws {
        #expect(try errors(text) == ["suspectd.toml:6: \(message)"])
    }

    @Test("accepts an empty list of keys")
    func emptyFeatures() throws {
        let text =
            "peer = [{ id = \"x\", address = \"x:1\" }]\nnode.listen = [\"127.0.0.1:1\"]\nsecurity.keys = []\n"
        #expect(try ConfigurationFolder(main: text).errors() == [])
    }

    @Test("names a minimum above the maximum with both positions")
    func pingBounds() throws {
        #expect(
            try errors("[ping]\nminimum_timeout = \"3s\"\nmaximum_timeout = \"2s\"") == [
                "suspectd.toml:6: ping.minimum_timeout: \"3s\" is longer than maximum_timeout \"2s\" at suspectd.toml:7; write a minimum of at most the maximum"
            ])
    }

    @Test(
        "names an id that cannot be one",
        arguments: [
            ("", "is empty; write a name of 1 to 63 bytes, for example \"db1\""),
            (
                String(repeating: "é", count: 32),
                "\"\(String(repeating: "é", count: 32))\" is 64 bytes long; write a name of 1 to 63 bytes"
            ),
            ("a b", "\"a b\" contains a space; use letters, digits, \"-\", \"_\" and \".\""),
            ("a/b", "\"a/b\" contains the character /; use letters, digits, \"-\", \"_\" and \".\""),
            ("a@b", "\"a@b\" contains the character @; use letters, digits, \"-\", \"_\" and \".\""),
            ("a:b", "\"a:b\" contains the character :; use letters, digits, \"-\", \"_\" and \".\""),
            ("bü", "\"bü\" contains the character ü; use letters, digits, \"-\", \"_\" and \".\""),
            ("a'b", "\"a'b\" contains the character '; use letters, digits, \"-\", \"_\" and \".\""),
            (
                "a\\tb",
                "\"a\\u{9}b\" contains a control character; use letters, digits, \"-\", \"_\" and \".\""
            ),
            ("a\\nb", "\"a\\nb\" contains a control character; use letters, digits, \"-\", \"_\" and \".\""),
            ("a\\u00a0b", "\"a\u{a0}b\" contains a space; use letters, digits, \"-\", \"_\" and \".\""),
        ])
    func ids(id: String, message: String) throws {
        #expect(try errors("[node]\nid = \"\(id)\"") == ["suspectd.toml:6: node.id: \(message)"])
    }

    @Test("stays a short line whatever the file says")
    func oneLine() throws {
        let found = try errors("[detection]\nmode = \"\(String(repeating: "x", count: 500))\\n\"")
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.count < 200 && $0.contains("…\" is not known; ") })
    }

    @Test("comes for every fault together, sorted by line")
    func allAtOnce() throws {
        let found = try errors(
            "[ping]\nretries = 99\n[detection]\nmargin = 1\nmodus = 2\n[nod]\n[node]\nid = 1\n")
        #expect(
            found.map { $0.prefix { $0 != " " } } == [
                "suspectd.toml:6:", "suspectd.toml:8:", "suspectd.toml:9:", "suspectd.toml:10:",
                "suspectd.toml:12:",
            ])
    }
}

@Suite("A template gone wild")
struct ManyErrorsTests {
    @Test("a hundred errors are reported, and how many more there are")
    func bounded() throws {
        let peers = (0..<300).map { "[[peer]]\nid = \"p\($0)\"\naddress = 7\n" }
        let errors = try ConfigurationFolder(main: "[node]\nid = \"a\"\n" + peers.joined()).errors()
        #expect(errors.count == 101)
        #expect(
            errors.last
                == "suspectd.toml: and 201 more errors; correct those above first, and check again")
    }

    @Test("a hundred thousand empty peers are one error, found without reading them all")
    func endless() throws {
        let text = "[node]\nid = \"a\"\n" + String(repeating: "[[peer]]\n", count: 105_000)
        let errors = try ConfigurationFolder(main: text).errors()
        #expect(errors.count == 1)
        #expect(errors.first?.contains("more than 8192 [[peer]] tables") ?? false, "\(errors)")
        let keys = "[node]\nid = \"a\"\n" + (0..<140_000).map { "k\($0)=1\n" }.joined().prefix(1_000_000)
        #expect(try ConfigurationFolder(main: String(keys)).errors().count <= 101)
    }
}

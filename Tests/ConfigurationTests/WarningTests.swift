import Testing

@testable import Configuration

@Suite("A warning")
struct WarningTests {
    private func warnings(_ text: String) throws -> [String] {
        try ConfigurationFolder(main: quietStart + "\n" + text).warnings()
    }

    @Test(
        "a quorum that can never be reached is warned of; the default is not",
        arguments: [
            ("\"all\"", 1, "two members are no quorum"), ("1", 1, "two members are no quorum"),
            ("3", 2, "3 observers are asked for and a peer has 2"), ("2", 2, nil), ("\"all\"", 2, nil),
            ("\"majority\"", 1, nil),
        ] as [(String, Int, String?)])
    func quorum(quorum: String, peers: Int, problem: String?) throws {
        let entries = (1...peers).map { "[[peer]]\nid = \"db\($0)\"\naddress = \"10.0.0.\($0):7946\"\n" }
        let text = "security.allow_unauthenticated = true\nverdict.quorum = \(quorum)\n" + entries.joined()
        let found = try ConfigurationFolder(main: text).warnings().filter { $0.contains("verdict.quorum") }
        #expect(found.count == (problem == nil ? 0 : 1))
        if let problem { #expect(found.first?.contains(problem) == true, "\(found)") }
    }

    @Test("is not given without need")
    func none() throws {
        #expect(try warnings("[detection]\nmargin = \"30ms\"") == [])
    }

    @Test(
        "is given when there is no host to watch but this one",
        arguments: [
            "", "[[peer]]\nid = \"me\"\naddress = \"me:1\"\n", "peer = []\n",
        ])
    func noPeers(peers: String) throws {
        let folder = try ConfigurationFolder(main: peers + "[security]\nallow_unauthenticated = true\n")
        #expect(
            try folder.warnings() == [
                "suspectd.toml: peer: there is no peer to watch; "
                    + "add a [[peer]] with id and address for each member"
            ])
    }

    @Test("is given when one file for all does not name this host, and not when its id is written")
    func unnamed() throws {
        let folder = try ConfigurationFolder(main: quietStart)
        let host = ConfigurationEnvironment(hostName: "ip-10-77-0-4")
        #expect(
            try folder.warnings(host) == [
                "suspectd.toml: node.id: this node is \"ip-10-77-0-4\" by its host's name, which no [[peer]] has; others that do "
                    + "not have it either refuse what it sends (unknown-peer); set id in [node], or add a [[peer]] for it"
            ])
        let named = try ConfigurationFolder(main: quietStart, dropIns: ["1.toml": "[node]\nid = \"db4\"\n"])
        #expect(try named.warnings(host) == [])
    }

    @Test("is given when our full host name is in the list by its short form")
    func shortName() throws {
        let folder = try ConfigurationFolder(main: quietStart)
        #expect(
            try folder.warnings(ConfigurationEnvironment(hostName: "other.example.net")) == [
                "suspectd.toml: node.id: this node is \"other.example.net\", and the list has a peer \"other\"; "
                    + "if that is this host, set id = \"other\" in [node]"
            ])
    }

    @Test(
        "is given for a bound that is shorter than is wise",
        arguments: [
            (
                "detector = \"fixed\"\ntimeout = \"200ms\"",
                "7: detection.timeout: \"200ms\" is no longer than the heartbeat interval: "
                    + "every heartbeat comes too late; write \"300ms\" or more"
            ),
            (
                "detector = \"fixed\"\ntimeout = \"300ms\"\nmode = \"heartbeat\"",
                "7: detection.timeout: \"300ms\" is under two heartbeat intervals: "
                    + "one lost datagram makes a suspicion; write \"600ms\" or more"
            ),
            (
                "mode = \"heartbeat\"\nmargin = \"100ms\"",
                "7: detection.margin: \"100ms\" is under one heartbeat interval: "
                    + "one lost datagram makes a suspicion; write \"400ms\" or more"
            ),
            (
                "margin = \"1ms\"",
                "6: detection.margin: \"1ms\" is within the delays of an ordinary scheduler; write \"5ms\" or more"
            ),
        ])
    func shortBounds(text: String, warning: String) throws {
        #expect(try warnings("[detection]\n" + text) == ["suspectd.toml:" + warning])
    }

    @Test(
        "is given for a knob that the detector does not have",
        arguments: [
            (
                "detector = \"fixed\"\nmargin = \"30ms\"",
                "7: detection.margin: has no effect with this detector; "
                    + "remove it, or set detector to median, chen or two-window"
            ),
            (
                "timeout = \"1s\"",
                "6: detection.timeout: has no effect with this detector; remove it, or set detector to fixed"
            ),
            (
                "threshold = 8",
                "6: detection.threshold: has no effect with this detector; "
                    + "remove it, or set detector to phi, exponential or bertier"
            ),
        ])
    func unusedKnobs(text: String, warning: String) throws {
        #expect(try warnings("[detection]\n" + text) == ["suspectd.toml:" + warning])
    }

    @Test("is given at the peer that is unwise, and not for a knob that only a peer uses")
    func peers() throws {
        let text = """
            [detection]
            timeout = "1s"
            [[peer]]
            id = "a"
            address = "a:1"
            detector = "fixed"
            timeout = "1ms"
            [[peer]]
            id = "me"
            address = "me:1"
            [security]
            allow_unauthenticated = true
            """
        #expect(
            try ConfigurationFolder(main: text).warnings() == [
                "suspectd.toml:7: peer[a].timeout: \"1ms\" is no longer than the heartbeat interval: "
                    + "every heartbeat comes too late; write \"300ms\" or more"
            ])
    }

    @Test("is kept beside the errors")
    func besidesErrors() throws {
        let folder = try ConfigurationFolder(main: "[security]\nallow_unauthenticated = 3\n")
        do {
            _ = try folder.load()
            Issue.record("a wrong type was accepted")
        } catch {
            #expect(error.errors.count == 1)
            #expect(error.warnings.map(\.key) == ["peer"])
        }
    }
}

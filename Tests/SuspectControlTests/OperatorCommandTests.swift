import StatusAPI
import Testing

@testable import SuspectControl

/// What an operator meets at the first install, and in daily work.
@Suite("commands of the first hour")
struct OperatorCommandTests {
    @Test("the state of an id that no peer has is taken over; that of another peer is not")
    func takenOver() throws {
        let folder = try TemporaryFolder()
        let epoch = try folder.write("epoch", "db4.example.net 91845615\n")
        let state = epoch.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        func check(_ peer: String) throws -> Int32 {
            let text = """
                [node]
                id = "db4"
                listen = ["127.0.0.1:7946"]
                state_directory = "\(state)"
                [[peer]]
                id = "\(peer)"
                address = "127.0.0.1:7947"
                """
            return control(["config", "check", try folder.write("\(peer).toml", text)]).status
        }
        #expect(try check("db1") == 0)
        #expect(try check("db4.example.net") == 78)
    }

    @Test(
        "a key that cannot be used is named with line and key, and a credential of the service is a warning")
    func keys() throws {
        let folder = try TemporaryFolder()
        func check(_ keys: String) throws -> (status: Int32, results: String, remarks: String) {
            let text = "[security]\nkeys = [\(keys)]\n[[peer]]\nid = \"x\"\naddress = \"127.0.0.1:1\"\n"
            return control(["config", "check", try folder.write("keys.toml", text)])
        }
        let missing = try check("\"/etc/suspectd/clustr.key\"")
        #expect(missing.status == 78)
        #expect(
            missing.remarks.contains("keys.toml:2: security.keys: ")
                && missing.remarks.contains("clustr.key"),
            "\(missing.remarks)")
        let credential = try check("\"cluster\"")
        #expect(credential.status == 0, "\(credential.remarks)")
        #expect(credential.results.contains("security.keys: cluster: a credential of the service"))
    }

    @Test(
        "what config show prints is a configuration with the same values", arguments: [[], ["--effective"]])
    func fedBack(options: [String]) throws {
        let folder = try TemporaryFolder()
        let text = """
            [node]
            id = "db1"
            causal_log_size = 8
            [security]
            allow_unauthenticated = true
            [detection]
            profile = "wan"
            detector = "phi"
            [verdict]
            quorum = 2
            [[peer]]
            id = "db1"
            address = "192.0.2.1:7946"
            [[peer]]
            id = "db2"
            address = "192.0.2.2:7946"
            profile = "local"
            detector = "fixed"
            timeout = "778240us"
            [[peer]]
            id = "db3"
            address = "[2001:db8::3]:7946"
            detector = "median"
            target = { detection_time = "1s" }
            """
        func show(_ file: String, _ options: [String]) -> String {
            let outcome = control(["config", "show", file] + options + ["--socket", "/tmp/no-such.socket"])
            #expect(outcome.status == 0, "\(outcome.remarks)")
            return outcome.results
        }
        func values(_ text: String) -> [Substring] {
            text.split(separator: "\n").compactMap { $0.split(separator: "  #").first }.filter {
                !$0.hasPrefix("#")
            }
        }
        let first = show(try folder.write("first.toml", text), options)
        let second = show(try folder.write("second.toml", first), ["--effective"])
        let expected = show(try folder.write("first.toml", text), ["--effective"])
        #expect(
            values(second).map { $0.trimmingSuffix(" ") } == values(expected).map { $0.trimmingSuffix(" ") })
        #expect(first.split(separator: "\n").allSatisfy { $0.count < 200 }, "\(first)")
        #expect(first.contains("[[peer]]\nid = \"db1\"\n# This node itself.\naddress = "), "\(first)")
    }

    @Test(
        "a mistyped command gets a suggestion",
        arguments: [
            ("wat", "watch"), ("peer-s", "peers"), ("is_trusted", "is-trusted"), ("statsu", "status"),
            ("frobnicate", nil),
        ] as [(String, String?)])
    func mistyped(word: String, meant: String?) {
        let outcome = control([word])
        #expect(outcome.status == 64)
        let expected = meant.map { "`suspectctl \($0)`" } ?? "`suspectctl --help` lists them"
        #expect(
            outcome.remarks.contains("There is no command '\(word)'; ") && outcome.remarks.contains(expected),
            "\(outcome.remarks)")
    }

    @Test(
        "a mistyped subcommand gets one as well",
        arguments: [
            (["config", "chek"], "`suspectctl config check`"), (["key", "nwe"], "`suspectctl key new`"),
            (["config", "frobnicate"], "`suspectctl config --help` lists them"),
        ])
    func mistypedSubcommand(words: [String], meant: String) {
        let outcome = control(words)
        #expect(outcome.status == 64)
        #expect(
            outcome.remarks.contains("There is no command '\(words[1])'; ") && outcome.remarks.contains(meant)
        )
    }

    @Test("the node's own id is no peer, and that is said, by every command that takes one")
    func ownID() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db10", .trusted), Sample.peer("db3", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        for words in [
            ["wait", "db1"], ["why", "db1"], ["peer", "db1"], ["is-trusted", "db1"], ["witnesses", "db1"],
        ] {
            let outcome = control(words + ["--socket", daemon.path])
            #expect(outcome.status == 4)
            #expect(
                outcome.remarks.contains("db1 is this node itself; its peers are db3, db10\n"),
                "\(outcome.remarks)")
        }
        #expect(
            control(["why", "db2", "--socket", daemon.path]).remarks.contains("no peer has the id 'db2'"))
    }

    @Test(
        "a peer that left and is refused since is explained without its being named, and what is over is said in the past"
    )
    func past() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .left), Sample.peer("b", .trusted)]
        state.allPeers[0].sinceUSec = Sample.now - 90_000_000
        state.allPeers[0].refused = RefusedReport(
            reason: "unopened", count: 3, lastUSec: Sample.now - 2_000_000, source: "192.0.2.1:7946",
            claimedID: nil,
            advice: "compare the keys")
        state.allPeers[1].unsent = UnsentReport(
            error: "Network is unreachable", count: 27, lastUSec: Sample.now - 209_000_000,
            advice: "this host has no way there")
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let why = control(["why", "--socket", daemon.path]).results
        #expect(
            why.hasPrefix("a left 1 min 30 s ago.") && why.contains("(unopened), the last 2.0 s ago"),
            "\(why)")
        for words in [["status"], ["why", "b"], ["peer", "b"]] {
            let results = control(words + ["--socket", daemon.path]).results
            #expect(
                results.contains("27 datagrams (Network is unreachable), none since ")
                    && results.contains(", 3 min 29 s ago; at that time: this host has no way there"),
                "\(results)")
        }
    }

    @Test("how long a peer has not heard this node is shown, and not for how long it has been trusted")
    func outbound() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .trusted)]
        (state.allPeers[0].cause, state.allPeers[0].certainty) = (.outbound, .suspected)
        state.allPeers[0].sinceUSec = Sample.now - 25_000_000
        state.allPeers[0].outboundSinceUSec = Sample.now - 2_100_000
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        func say(_ words: String...) -> String { control(words + ["--socket", daemon.path]).results }
        #expect(say("why", "a").contains("a has been trusted for 25.0 s: outbound (likely) for 2.1 s, "))
        #expect(say("peers").contains("outbound (likely)  2.1 s  "), "\(say("peers"))")
        #expect(say("peer", "a").contains("outbound (likely) for 2.1 s"))
        #expect(control(["check", "--outbound-warning", "2s", "--socket", daemon.path]).status == 1)
        #expect(control(["check", "--outbound-warning", "3s", "--socket", daemon.path]).status == 0)
    }

    @Test("a peer that left, or was not heard yet, is not said to have been that for a time")
    func standing() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .left), Sample.peer("b", .unknown)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        func say(_ words: String...) -> String {
            let outcome = control(words + ["--socket", daemon.path])
            return outcome.results + outcome.remarks
        }
        #expect(say("is-trusted", "-v", "a").contains("a left 4.2 s ago"))
        #expect(say("why", "a").hasPrefix("a left 4.2 s ago."))
        #expect(say("is-trusted", "-v", "b").contains("b has been unknown (not heard yet) for 4.2 s"))
        #expect(say("wait", "a", "--timeout", "0s").contains("a has left, and did not become trusted"))
    }

    @Test("why does not give a list of possible causes where none is known, nor two full stops")
    func headlines() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .suspected), Sample.peer("b", .suspected)]
        state.allPeers[0].cause = .unknown
        (state.allPeers[1].cause, state.allPeers[1].lastHeardUSec) = (.neverHeard, nil)
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let known = control(["why", "a", "--socket", daemon.path]).results
        #expect(known.hasPrefix("a has been suspected for 4.2 s: the cause is not known.\n"), "\(known)")
        let never = control(["why", "b", "--socket", daemon.path]).results
        #expect(never.split(separator: "\n")[0].hasSuffix("are its id and address right here?"), "\(never)")
    }

    @Test("why shows what was refused lately, and not what was long ago")
    func stale() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .suspected)]
        for (age, isShown) in [(5_000_000, true), (700_000_000, false)] {
            state.allPeers[0].refused = RefusedReport(
                reason: "unopened", count: 22, lastUSec: Sample.now - age, source: "10.0.0.2:7946",
                claimedID: nil,
                advice: "another key?")
            let daemon = try FakeDaemon(state)
            defer { daemon.stop() }
            let shown = control(["why", "a", "--socket", daemon.path]).results.contains("refused")
            #expect(shown == isShown)
        }
    }

    @Test("a daemon that has heard no peer yet says that, and not that it is isolated")
    func noneHeard() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("a", .suspected), Sample.peer("b", .suspected)]
        for index in 0..<2 {
            state.allPeers[index].lastHeardUSec = nil
            state.allPeers[index].cause = .neverHeard
        }
        state.statusReport.count(state.allPeers.map(\.state))
        state.statusReport.isolated = true
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let outcome = control(["status", "--socket", daemon.path])
        #expect(outcome.status == 2)
        #expect(outcome.results.contains("No peer has been heard since the daemon started: "))
        #expect(!outcome.results.contains("isolated"), "\(outcome.results)")
    }

    @Test("peers lists those that are named, and why explains all that are not well")
    func chosen() throws {
        var state = FakeState()
        state.allPeers = [
            Sample.peer("a", .trusted), Sample.peer("b", .suspected), Sample.peer("c", .suspected),
        ]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let listed = control(["peers", "c", "a", "--socket", daemon.path])
        #expect(listed.results.contains("2 peers listed") && !listed.results.contains("\nb "))
        #expect(control(["peers", "x", "--socket", daemon.path]).status == 4)
        let explained = control(["why", "--socket", daemon.path])
        #expect(explained.status == 0)
        #expect(explained.results.matches(of: /has been suspected for/).count == 2, "\(explained.results)")
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ end: Character) -> Substring {
        var text = self
        while text.last == end { text.removeLast() }
        return text
    }
}

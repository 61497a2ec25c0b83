import StatusAPI
import SuspectControl
import Testing

/// Exit statuses and output, against a daemon in a thread.
@Suite("Commands against a daemon")
struct CommandTests {
    static func state(_ peers: PeerReport...) -> FakeState {
        var state = FakeState()
        state.allPeers = peers
        return state
    }

    @Test(
        "the exit status answers",
        arguments: [
            (["status"], [.trusted, .trusted], 0), (["status"], [.trusted, .pending, .unknown, .left], 0),
            (["status"], [.trusted, .suspected], 2), ([], [.suspected], 2), (["--json"], [.suspected], 2),
            (["peers"], [.suspected], 0), (["peer", "p0"], [.suspected], 0),
            (["peer", "ghost"], [.trusted], 4),
            (["why", "p0"], [.suspected], 0), (["why", "ghost"], [.trusted], 4),
            (["is-trusted", "p0"], [.trusted], 0), (["is-trusted", "p0"], [.pending], 0),
            (["is-trusted", "p0"], [.suspected], 3), (["is-trusted", "p0"], [.left], 3),
            (["is-trusted", "p0"], [.unknown], 3), (["is-trusted", "ghost"], [.trusted], 4),
            (["is-trusted"], [.trusted], 64), (["wait", "p0"], [.trusted], 0),
            (["wait", "p0", "--state", "suspected"], [.suspected], 0),
            (["wait", "p0", "--state", "left", "--timeout", "0s"], [.trusted], 1),
            (["wait", "ghost"], [.trusted], 4), (["wait", "p0", "--state", "dead"], [.trusted], 64),
            (["events"], [.trusted], 0), (["events", "--last", "x"], [.trusted], 64),
            (["frobnicate"], [], 64),
        ] as [([String], [ReportedState], Int32)])
    func exitStatus(arguments: [String], states: [ReportedState], expected: Int32) throws {
        var state = FakeState()
        state.allPeers = states.enumerated().map { Sample.peer("p\($0.offset)", $0.element) }
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let outcome = control(["--socket", daemon.path] + arguments)
        #expect(outcome.status == expected, "\(outcome.results)\(outcome.remarks)")
    }

    @Test("an isolated node is not well, whatever its peers are")
    func isolated() throws {
        var state = Self.state(Sample.peer("db2", .trusted))
        state.statusReport.isolated = true
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        #expect(control(["--socket", daemon.path]).status == 2)
    }

    @Test(
        "without a daemon the message names the socket and the remedy, and is-trusted is quiet",
        arguments: [
            ["status"], ["peers"], ["peer", "x"], ["watch"], ["events"], ["events", "--follow"],
            ["why", "x"],
            ["reload"], ["wait", "x", "--timeout", "10ms"],
        ])
    func unreachable(arguments: [String]) {
        let outcome = control(arguments + ["--socket", "/tmp/no-such.socket"])
        #expect(outcome.status == 3)
        #expect(outcome.results == "")
        let remedies = [
            "/tmp/no-such.socket: No such file", "systemctl start suspectd", "--config FILE", "--socket",
        ]
        for part in remedies { #expect(outcome.remarks.contains(part)) }
    }

    @Test("is-trusted without a daemon is a failure, and says so")
    func isTrustedUnreachable() {
        let quiet = control(["is-trusted", "x", "--socket", "/tmp/no-such.socket"])
        #expect(quiet.status == 1 && quiet.results == "")
        #expect(quiet.remarks.contains("no daemon answers at /tmp/no-such.socket"))
    }

    @Test("the socket is the option's, else the environment's, else the installed daemon's")
    func socket() {
        func remark(_ arguments: [String], _ environment: [String: String]) -> String {
            control(arguments, environment: environment).remarks
        }
        #expect(remark(["--socket", "/tmp/a"], ["SUSPECTD_SOCKET": "/tmp/b"]).contains("at /tmp/a:"))
        #expect(remark([], ["SUSPECTD_SOCKET": "/tmp/b"]).contains("at /tmp/b:"))
        #expect(remark([], ["SUSPECTD_SOCKET": ""]).contains("at /run/suspectd/io.suspectd.Monitor:"))
    }

    @Test("--json and --socket stand before the command or after it, and the output is the same bytes")
    func globalOptions() throws {
        let daemon = try FakeDaemon(Self.state(Sample.peer("b", .trusted), Sample.peer("a", .suspected)))
        defer { daemon.stop() }
        let peer =
            #"{"address":"10.0.0.2:7946","cause":"crash","certainty":"proved","confirmed":false,"#
            + #""detector":"median","epoch":1699990000,"heartbeatIntervalUSec":200000,"id":"a","#
            + #""lastHeardUSec":1699999995000000,"lossInPerMille":0,"lossOutPerMille":0,"marginUSec":400000,"#
            + #""mistakes":0,"mode":"heartbeat+ping","rttUSec":350,"sinceUSec":1699999995800000,"#
            + #""state":"suspected","suspicions":1,"witnesses":[]}"#
        let after = control(["peers", "--json", "--socket", daemon.path])
        let before = control(["--json", "--socket", daemon.path, "peers"])
        let mixed = control(["--socket", daemon.path, "peers", "--json"])
        #expect(after.results.hasPrefix("[\(peer),{"))
        #expect(after.results.hasSuffix("}]\n"))
        #expect(after == before && after == mixed)
        #expect(control(["--json", "peer", "a", "--socket", daemon.path]).results == peer + "\n")
    }

    @Test("every command has JSON, one value a line")
    func json() throws {
        var state = Self.state(Sample.peer("db2", .suspected))
        state.userID = getUserID()
        state.allEvents = [Sample.event(1, .pending, "db2"), Sample.event(2, .suspect, "db2")]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        func lines(_ arguments: String...) -> [Substring] {
            control(["--json", "--socket", daemon.path] + arguments).results.split(separator: "\n")
        }
        #expect(
            try lines("status").map { try JSONText.decode(StatusReport.self, from: $0.utf8).suspected } == [1]
        )
        let events = try lines("events").map { try JSONText.decode(EventReport.self, from: $0.utf8) }
        #expect(events == state.allEvents)
        #expect(lines("events", "--last", "1").count == 1)
        #expect(
            try lines("why", "db2").map { try JSONText.decode(WhyReply.self, from: $0.utf8).peer.id } == [
                "db2"
            ])
        #expect(lines("is-trusted", "db2") == [#"{"id":"db2","state":"suspected","trusted":false}"#])
        #expect(lines("reload") == [#"{"warnings":["margin is smaller than the interval"]}"#])
        #expect(lines("wait", "db2", "--state", "suspected").count == 1)
    }

    @Test("a reload reports warnings, refused errors, and which users may")
    func reload() throws {
        var state = FakeState()
        state.userID = getUserID()
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let good = control(["reload", "--socket", daemon.path])
        #expect(good.status == 0)
        #expect(good.results == "warning: margin is smaller than the interval\nreloaded\n")
        daemon.update { $0.refusal = ReloadFailure(errors: ["a.toml:1: x", "a.toml:2: y"]) }
        let bad = control(["reload", "--socket", daemon.path])
        #expect(bad.status == 78)
        #expect(bad.remarks.contains("a.toml:1: x\na.toml:2: y\nthe daemon keeps its old configuration"))
    }

    @Test("a daemon that sends garbage is said to, and that is a failure")
    func garbage() throws {
        let daemon = try FakeDaemon(FakeState())
        defer { daemon.stop() }
        let command = try RunningCommand(["events", "--follow", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        daemon.sendGarbage()
        waitUntil { command.status != nil }
        #expect(command.status == 1)
        #expect(command.output.remarks.contains("not understood"))
    }

    @Test("config check accepts a good file and reports every error of a bad one")
    func configuration() throws {
        let folder = try TemporaryFolder()
        let good = try folder.write("good.toml", "[node]\nid = \"db1\"\nlisten = [\"127.0.0.1:7946\"]\n")
        let bad = try folder.write("bad.toml", "[node]\nidd = 1\n[detection]\nmargin = \"4 bananas\"\n")
        let accepted = control(["config", "check", good])
        #expect(accepted.status == 0, "\(accepted.remarks)")
        #expect(accepted.results.contains("good: \(good)"))
        let refused = control(["config", "check", bad])
        #expect(refused.status == 78)
        #expect(refused.remarks.contains("\(bad):2: ") && refused.remarks.contains("\(bad):4: "))
        #expect(control(["config", "check", bad, "--json"]).results.hasPrefix(#"{"errors":[""#))
    }

    @Test("config check refuses an id to which the state in the state folder does not belong")
    func foreignState() throws {
        let folder = try TemporaryFolder()
        let epoch = try folder.write("epoch", "db4.example.net 91845615\n")
        let state = epoch.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        func check(_ id: String) throws -> (status: Int32, results: String, remarks: String) {
            let text =
                "[node]\nid = \"\(id)\"\nlisten = [\"127.0.0.1:7946\"]\nstate_directory = \"\(state)\"\n"
            return control(["config", "check", try folder.write("\(id).toml", text)])
        }
        #expect(try check("db4.example.net").status == 0)
        let refused = try check("db4")
        #expect(refused.status == 78)
        #expect(
            refused.remarks.contains("belongs to \"db4.example.net\", so the daemon would not start")
                && refused.remarks.contains("remove \(state)/epoch"), "\(refused.remarks)")
    }

    @Test("config check warns of an address to listen on that this host lacks, and accepts the file")
    func missingAddress() throws {
        let folder = try TemporaryFolder()
        let text = """
            [node]
            id = "db1"
            listen = ["127.0.0.1:7946", "192.0.2.1:7946"]
            [security]
            allow_unauthenticated = true
            [[peer]]
            id = "db2"
            address = "192.0.2.2:7946"
            """
        let checked = control(["config", "check", try folder.write("late.toml", text)])
        #expect(checked.status == 0, "\(checked.remarks)")
        let warnings = checked.results.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
        #expect(warnings.count == 1, "\(checked.results)")
        #expect(warnings.first?.contains("no interface of this host has \"192.0.2.1:7946\" now") == true)
    }
}

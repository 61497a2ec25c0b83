import StatusAPI
import Testing

@testable import SuspectControl

/// Following by a threshold of one's own, and running something on each change.
@Suite("Followers with wishes of their own")
struct OwnThresholdTests {
    private func start() throws -> FakeDaemon {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted), Sample.peer("db3", .trusted)]
        state.allEvents = [Sample.event(1, .trust, "db2"), Sample.event(2, .trust, "db3")]
        return try FakeDaemon(state)
    }

    @Test("a verdict by an own threshold is printed although it shares the dot of a daemon's event")
    func sameDot() throws {
        let daemon = try start()
        defer { daemon.stop() }
        let command = try RunningCommand([
            "events", "--follow", "--last", "2", "--detection-time", "500ms", "db3", "--socket", daemon.path,
        ])
        waitUntil { daemon.subscribers == 1 && command.output.results.contains("db3") }
        #expect(
            daemon.opened.last
                == .events(SubscribeParameters(snapshot: true, detectionTimeUSec: 500_000, peers: ["db3"])))
        var event = Sample.event(2, .suspect, "db3")
        event.detectionTimeUSec = 500_000
        try daemon.happen(event)
        waitUntil { command.output.results.contains("suspect") }
        #expect(command.output.results.split(separator: "\n").count == 2)
        #expect(command.output.results.contains("db3  (own threshold)"))
        daemon.sendGarbage()
        waitUntil { command.status == 1 }
    }

    @Test("what the daemon cannot judge is said in its words")
    func refused() throws {
        let daemon = try start()
        defer { daemon.stop() }
        daemon.update { $0.subscriptionProblem = "ask for more" }
        let outcome = control(["watch", "--level", "3", "--socket", daemon.path])
        #expect(outcome.status == 1)
        #expect(outcome.remarks == "suspectctl: ask for more\n")
    }

    @Test(
        "senseless thresholds are wrong usage, and the message names the range",
        arguments: [
            (["watch", "--detection-time", "1s", "--level", "3"], "not both"),
            (["watch", "--detection-time", "0s"], "1ms to 24h"), (["watch", "--level", "0"], "0.01 to 1000"),
            (["watch", "--level", "nan"], "--level"), (["events", "--detection-time", "1s"], "--follow"),
        ])
    func usage(arguments: [String], words: String) {
        let outcome = control(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.remarks.contains(words), "\(outcome.remarks)")
    }

    @Test("watch --exec runs a command for each change, with the event in its environment")
    func hook() throws {
        let daemon = try start()
        defer { daemon.stop() }
        let folder = try TemporaryFolder()
        let file = folder.path("changes")
        let command = try RunningCommand([
            "watch", "--exec", "echo $SUSPECTD_EVENT:$SUSPECTD_PEER:$SUSPECTD_CAUSE >>\(file)", "--socket",
            daemon.path,
        ])
        waitUntil { daemon.subscribers == 1 }
        try daemon.happen(Sample.event(3, .pending, "db2"))
        try daemon.happen(Sample.event(4, .suspect, "db2"))
        try daemon.happen(Sample.event(5, .trust, "db2"))
        waitUntil { folder.text("changes") == "suspect:db2:crash\ntrust:db2:\n" }
        daemon.sendGarbage()
        waitUntil { command.status == 1 }
    }

    @Test("a command of --exec that fails is reported, and the next change still runs it")
    func failingHook() throws {
        let daemon = try start()
        defer { daemon.stop() }
        let command = try RunningCommand(["watch", "--exec", "exit 7", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        try daemon.happen(Sample.event(3, .suspect, "db2"))
        try daemon.happen(Sample.event(4, .trust, "db2"))
        waitUntil {
            command.output.remarks.split(separator: "\n").count { $0.contains("exit status 7") } == 2
        }
        daemon.sendGarbage()
        waitUntil { command.status == 1 }
    }

    @Test("the live view shows its own verdicts above the daemon's table, and draws what is left of the time")
    func view() {
        var model = WatchModel()
        model.parameters = SubscribeParameters(detectionTimeUSec: 500_000)
        var peer = Sample.peer("db2", .trusted)
        peer.deadlineUSec = Sample.now + 300_000
        model.peers = [peer]
        var event = Sample.event(1, .suspect, "db2")
        event.detectionTimeUSec = 500_000
        func lines() -> [String] {
            WatchView(model: model, nowUSec: Sample.now, size: TerminalSize(columns: 150, rows: 20))
                .lines(Style(isColoured: false))
        }
        #expect(lines().contains("By a detection time of 500 ms of your own: no peer suspected"))
        model.append(event)
        #expect(lines().contains("By a detection time of 500 ms of your own: suspected: db2"))
        #expect(lines().contains { $0.hasSuffix("█████░░░░░") })
        event.event = .trust
        model.append(event)
        #expect(lines().contains("By a detection time of 500 ms of your own: no peer suspected"))
    }

    @Test("a user who may not use the socket learns how to be admitted, and not to start a daemon")
    func notAdmitted() {
        let failure = ControlFailure.notAdmitted(socket: "/run/s")
        #expect(failure.exitStatus == 1)
        #expect("\(failure)".contains("Add your user to the group") && !"\(failure)".contains("start"))
    }

    @Test("a daemon that goes in the middle of a reply is distinguished from one that was never there")
    func stopped() {
        let failure = ControlFailure.stopped(socket: "/run/s", cause: "it closed the connection")
        #expect(failure.exitStatus == 3)
        #expect("\(failure)".contains("has gone") && "\(failure)".contains("journalctl"))
    }
}

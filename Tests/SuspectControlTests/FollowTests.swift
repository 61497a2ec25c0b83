import StatusAPI
import SuspectControl
import Testing

/// Commands that run until something happens.
@Suite("Commands that wait")
struct FollowTests {
    @Test("wait returns as soon as the peer is in the state")
    func wait() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let command = try RunningCommand([
            "wait", "db2", "--state", "suspected", "--timeout", "1min", "--socket", daemon.path,
        ])
        waitUntil { daemon.subscribers == 1 }
        daemon.update { $0.allPeers = [Sample.peer("db2", .pending)] }
        try daemon.happen(Sample.event(1, .pending, "db2"))
        #expect(command.status == nil)
        daemon.update { $0.allPeers = [Sample.peer("db2", .suspected)] }
        try daemon.happen(Sample.event(2, .suspect, "db2"))
        waitUntil { command.status != nil }
        #expect(command.status == 0)
        #expect(command.output.results == "")
    }

    @Test("wait outlives a daemon that restarts")
    func waitOverRestart() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .suspected)]
        let first = try FakeDaemon(state)
        let command = try RunningCommand(["wait", "db2", "--timeout", "1min", "--socket", first.path])
        waitUntil { first.subscribers == 1 }
        first.stop()
        state.allPeers = [Sample.peer("db2", .trusted)]
        let second = try FakeDaemon(state, path: first.path)
        defer { second.stop() }
        waitUntil { command.status != nil }
        #expect(command.status == 0)
    }

    @Test("wait ends as soon as a reload has removed the peer")
    func waitRemoved() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .suspected)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        for kind in [ReportedEventKind.removed, .config] {
            daemon.update { $0.allPeers = [Sample.peer("db2", .suspected)] }
            let command = try RunningCommand(["wait", "db2", "--timeout", "1min", "--socket", daemon.path])
            waitUntil { daemon.subscribers == 1 }
            daemon.update { $0.allPeers = [] }
            try daemon.happen(Sample.event(1, kind, kind == .config ? nil : "db2"))
            waitUntil { command.status != nil }
            #expect(command.status == 4)
            #expect(command.output.remarks.contains("no peer has the id 'db2'"))
            waitUntil { daemon.subscribers == 0 }
        }
    }

    @Test("wait says in which state the peer was when the time was up")
    func waitTimeout() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let outcome = control([
            "wait", "db2", "--state", "left", "--timeout", "30ms", "--socket", daemon.path,
        ])
        #expect(outcome.status == 1)
        #expect(outcome.remarks == "suspectctl: db2 is trusted, and did not become left within 30 ms\n")
    }

    @Test("events --follow prints each event once, in order, also over a restart")
    func follow() throws {
        var state = FakeState()
        state.allEvents = [Sample.event(1, .start, nil), Sample.event(2, .trust, "db2")]
        let first = try FakeDaemon(state)
        let command = try RunningCommand([
            "events", "--follow", "--last", "1", "--json", "--socket", first.path,
        ])
        waitUntil { first.subscribers == 1 && numbers(command) == [2] }
        try first.happen(Sample.event(3, .pending, "db2"))
        try first.happen(Sample.event(4, .suspect, "db2"))
        waitUntil { numbers(command) == [2, 3, 4] }
        first.stop()
        waitUntil { command.output.remarks.contains("lost the daemon at \(first.path)") }
        let second = try FakeDaemon(FakeState(), path: first.path)
        defer { second.stop() }
        waitUntil { second.subscribers == 1 }
        try second.happen(Sample.event(5, .start, nil))
        waitUntil { numbers(command) == [2, 3, 4, 5] }
        #expect(command.output.remarks.contains("connected again"))
        second.sendGarbage()
        waitUntil { command.status == 1 }
    }

    private func numbers(_ command: RunningCommand) -> [Int] {
        command.output.results.split(separator: "\n")
            .compactMap { try? JSONText.decode(EventReport.self, from: $0.utf8).dot.counter }
    }

    @Test("watch without a terminal prints the peers, then events, a line each")
    func watchLines() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let command = try RunningCommand(["watch", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        try daemon.happen(Sample.event(1, .suspect, "db2"))
        waitUntil { command.output.results.contains("crash (proved)") }
        let lines = command.output.results.split(separator: "\n")
        #expect(lines.first?.hasPrefix("PEER  ADDRESS") == true)
        #expect(lines.last == "2023-11-14 22:13:15.800  suspect     db2  crash (proved)  a reason")
        #expect(!command.output.results.contains("\u{1B}"))
        daemon.sendGarbage()
        waitUntil { command.status == 1 }
    }
}

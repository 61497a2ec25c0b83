import Glibc
import StatusAPI
import Testing

@testable import SuspectControl

/// `watch --exec` runs a command for each change, and loses no final state.
@Suite("watch --exec")
struct HookTests {
    private let line = "echo $SUSPECTD_EVENT:$SUSPECTD_PEER:$SUSPECTD_CAUSE"

    private func state(_ peers: (String, ReportedState)...) -> FakeState {
        var state = FakeState()
        state.allPeers = peers.map { Sample.peer($0.0, $0.1) }
        return state
    }

    private func watch(_ daemon: FakeDaemon, _ hook: String, _ more: [String] = []) throws -> RunningCommand {
        let command = try RunningCommand(["watch", "--exec", hook, "--socket", daemon.path] + more)
        waitUntil { daemon.subscribers == 1 }
        return command
    }

    private func end(_ command: RunningCommand, _ daemon: FakeDaemon) {
        daemon.sendGarbage()
        waitUntil { command.status == 1 }
        daemon.stop()
    }

    @Test("it runs at the start for each peer that is suspected already, and for no other")
    func start() throws {
        let daemon = try FakeDaemon(
            state(("db2", .suspected), ("db3", .trusted), ("db4", .left), ("db5", .unknown)))
        let folder = try TemporaryFolder()
        let file = folder.path("told")
        let command = try watch(daemon, "\(line) >>\(file)")
        waitUntil { folder.text("told") == "suspect:db2:crash\n" }
        end(command, daemon)
        #expect(folder.text("told") == "suspect:db2:crash\n")
    }

    @Test(
        "without a terminal, pings of overdue peers are not printed either; in JSON they are",
        arguments: [false, true])
    func pings(isJSON: Bool) throws {
        let daemon = try FakeDaemon(state(("db2", .trusted)))
        let command = try watch(daemon, "true", isJSON ? ["--json"] : [])
        try daemon.happen(Sample.event(1, .pending, "db2"))
        try daemon.happen(Sample.event(2, .suspect, "db2"))
        waitUntil { command.output.results.contains("suspect") }
        end(command, daemon)
        #expect(command.output.results.contains("pending") == isJSON)
    }

    @Test("a command that hangs is killed with its process group, and what happened meanwhile is reported")
    func hanging() throws {
        let daemon = try FakeDaemon(state(("db2", .trusted), ("db3", .trusted)))
        let folder = try TemporaryFolder()
        let (file, process) = (folder.path("told"), folder.path("process"))
        let hook =
            "\(line) >>\(file); [ $SUSPECTD_PEER = db2 ] && { sleep 1000 & echo $! >\(process); wait; }"
        let command = try watch(daemon, hook, ["--timeout", "300ms"])
        try daemon.happen(Sample.event(1, .suspect, "db2"))
        for number in 0..<12 {
            try daemon.happen(Sample.event(2 + number, number % 2 == 0 ? .suspect : .trust, "db3"))
        }
        waitUntil { folder.text("told").components(of: "\n") == 13 }
        let text = folder.text("process").split(separator: "\n").first
        let sleeper = try #require(text.flatMap { Int32($0) })
        waitUntil { kill(sleeper, 0) != 0 }
        #expect(command.output.remarks.contains("ran for 300 ms and was killed"))
        end(command, daemon)
    }

    @Test("events are read on while the command runs, so that the daemon does not drop the client")
    func readsOn() throws {
        let daemon = try FakeDaemon(state(("db2", .trusted)))
        let folder = try TemporaryFolder()
        let (file, gate) = (folder.path("told"), folder.path("gate"))
        let command = try watch(daemon, "until [ -e \(gate) ]; do sleep 0.01; done; \(line) >>\(file)")
        // Far more than a connection's buffers hold, as the fake daemon drops clients that do not read.
        for number in 0..<3_000 {
            try daemon.happen(Sample.event(number, number % 2 == 0 ? .suspect : .trust, "db\(number % 3)"))
            // No faster than the command can print, or any client would be dropped.
            if number % 100 == 99 { waitUntil { command.output.results.components(of: "\n") > number } }
        }
        waitUntil { command.output.results.contains(" db2  crash (proved)") && daemon.isIdle }
        #expect(daemon.subscribers == 1, "\(String(describing: command.status)) \(command.output.remarks)")
        _ = try folder.write("gate", "")
        waitUntil { folder.text("told").hasSuffix("\n") }
        end(command, daemon)
        #expect(!command.output.remarks.contains("lost the daemon"))
    }

    @Test("after the daemon was away it runs for each peer whose state is another than was reported")
    func reconnected() throws {
        let first = try FakeDaemon(
            state(("db2", .trusted), ("db3", .suspected), ("db4", .suspected), ("db5", .suspected)))
        let folder = try TemporaryFolder()
        let file = folder.path("told")
        let command = try watch(first, "\(line) >>\(file)")
        waitUntil { folder.text("told").components(of: "\n") == 3 }
        first.stop()
        var peers = [
            Sample.peer("db2", .suspected), Sample.peer("db3", .trusted), Sample.peer("db4", .suspected),
        ]
        peers[2].confirmed = true
        var later = FakeState()
        later.allPeers = peers
        let second = try FakeDaemon(later, path: first.path)
        waitUntil { folder.text("told").components(of: "\n") == 7 }
        let told = folder.text("told").split(separator: "\n").dropFirst(3)
        #expect(told.sorted() == ["confirm:db4:crash", "removed:db5:", "suspect:db2:crash", "trust:db3:"])
        end(command, second)
    }

    @Test("of many changes that wait the latest of each peer are kept, and no peer is forgotten")
    func bounded() {
        var queue = ChangeQueue()
        for number in 0..<20_000 {
            queue.append(
                Sample.event(number, number % 4_000 < 2_000 ? .suspect : .trust, "p\(number % 1_999)"))
            queue.append(Sample.event(number, .stall, nil))
        }
        #expect(queue.count <= ChangeQueue.limit + 2_000)
        var latest: [String: Int] = [:]
        while let event = queue.next() { latest[event.peer ?? ""] = event.dot.counter }
        for peer in 0..<1_999 {
            let last = (0..<20_000).last { $0 % 1_999 == peer }
            #expect(latest["p\(peer)"] == last)
        }
    }

    @Test("by a threshold of one's own only a peer that was heard in time is reported as trusted again")
    func threshold() {
        var queue = ChangeQueue()
        let parameters = SubscribeParameters(detectionTimeUSec: 500_000)
        queue.reconcile(with: [], parameters, nowUSec: Sample.now)
        queue.append(Sample.event(1, .suspect, "db2"))
        queue.append(Sample.event(2, .suspect, "db3"))
        while queue.next() != nil {}
        queue.reconcile(
            with: [Sample.peer("db2", .trusted), Sample.peer("db3", .suspected)], parameters,
            nowUSec: Sample.now)
        let event = queue.next()
        #expect(event?.event == .trust && event?.peer == "db2" && queue.next() == nil)
    }
}

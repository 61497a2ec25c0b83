import StatusAPI
import Testing

@testable import SuspectControl

/// One table for all commands: what a peer's state means for exit statuses.
@Suite("exit statuses")
struct ExitStatusTests {
    /// What each command exits with; the last one is `is-trusted --common-exit-status`.
    private static let table: [(PeerCondition, status: Int32, isTrusted: Int32, common: Int32)] = [
        (.trusted, 0, 0, 0), (.pending, 0, 0, 0), (.outbound, 2, 0, 0), (.suspected, 2, 3, 2),
        (.neverHeard, 2, 3, 2), (.unknown, 0, 3, 2), (.left, 0, 3, 2), (.other, 0, 3, 2),
    ]

    private func peer(_ condition: PeerCondition) -> PeerReport {
        let states: [PeerCondition: ReportedState] = [
            .trusted: .trusted, .pending: .pending, .outbound: .trusted, .suspected: .suspected,
            .neverHeard: .suspected, .unknown: .unknown, .left: .left,
        ]
        var peer = Sample.peer("p", states[condition] ?? .other("drowsy"))
        if condition == .outbound { peer.cause = .outbound }
        if condition == .neverHeard { peer.lastHeardUSec = nil }
        return peer
    }

    @Test("each state means the same to every command")
    func states() throws {
        #expect(Self.table.map(\.0) == PeerCondition.allCases)
        for row in Self.table {
            var state = FakeState()
            state.allPeers = [peer(row.0)]
            let daemon = try FakeDaemon(state)
            defer { daemon.stop() }
            func status(_ arguments: String...) -> Int32 {
                control(arguments + ["--socket", daemon.path]).status
            }
            #expect(PeerCondition(state.allPeers[0]) == row.0)
            #expect(status("status") == row.status, "status: \(row.0)")
            #expect(status("is-trusted", "p") == row.isTrusted, "is-trusted: \(row.0)")
            #expect(status("is-trusted", "p", "--common-exit-status") == row.common, "common: \(row.0)")
            let waited = status("wait", "p", "--timeout", "0s")
            #expect(waited == (peer(row.0).state == .trusted ? 0 : 1), "wait: \(row.0)")
        }
    }

    @Test("an isolated node needs attention, and its peers are trusted or not by their own states")
    func isolated() throws {
        var state = FakeState()
        state.allPeers = [peer(.trusted)]
        state.statusReport.isolated = true
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        #expect(control(["status", "--socket", daemon.path]).status == 2)
        #expect(control(["check", "--socket", daemon.path]).status == 2)
        #expect(control(["is-trusted", "p", "--socket", daemon.path]).status == 0)
    }

    @Test("is-trusted keeps its former statuses, and warns of the change where a person reads along")
    func former() throws {
        var state = FakeState()
        state.allPeers = [peer(.suspected)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let asked = ["is-trusted", "p", "--socket", daemon.path]
        #expect(control(asked).remarks == "")
        let outcome = control(asked, isTerminal: true)
        #expect(outcome.status == 3)
        #expect(outcome.remarks.contains("from version 0.2 on is-trusted exits with 2"))
        #expect(outcome.remarks.contains("--common-exit-status"))
        #expect(control(asked + ["--common-exit-status"], isTerminal: true).remarks == "")
        let absent = control(["is-trusted", "p", "--socket", "/tmp/no-such.socket", "--common-exit-status"])
        #expect(absent.status == 3)
        #expect(absent.remarks.contains("no daemon answers at /tmp/no-such.socket"))
    }

    @Test("a command that only groups others is wrong usage alone, and says what it can do")
    func groups() {
        for (words, names) in [(["config"], "check or show"), (["key"], "new"), (["config", "--json"], "")] {
            let outcome = control(words)
            #expect(outcome.status == 64 && outcome.remarks.contains(names), "\(words): \(outcome.remarks)")
        }
        #expect(control(["config", "--help"]).status == 0)
        #expect(control(["help", "key"]).status == 0)
    }

    @Test("wait knows what the tables show as a state: confirmed is suspected, and a quorum agrees")
    func confirmed() throws {
        var state = FakeState()
        state.allPeers = [peer(.suspected)]
        func wait(_ state: FakeState) throws -> (status: Int32, results: String, remarks: String) {
            let daemon = try FakeDaemon(state)
            defer { daemon.stop() }
            return control(["wait", "p", "--state", "confirmed", "--timeout", "0s", "--socket", daemon.path])
        }
        let early = try wait(state)
        #expect(early.status == 1)
        #expect(early.remarks.contains("p is suspected (crash), and did not become confirmed within"))
        #expect(!early.remarks.contains("quorum"))
        state.quorum = nil
        let impossible = try wait(state)
        #expect(impossible.status == 1)
        #expect(
            impossible.remarks.hasPrefix(
                "suspectctl: with 3 members no quorum is possible, so nothing is ever confirmed; "),
            "\(impossible.remarks)")
        state.allPeers[0].confirmed = true
        #expect(try wait(state).status == 0)
        #expect(control(["wait", "p", "--state", "dead"]).remarks.contains("confirmed"))
    }

    @Test("the help has the whole table")
    func help() {
        let text = control(["--help"]).results.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for row in ExitStatus.table {
            let meaning = row.meaning.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(text.contains("\(row.status) \(meaning)"), "\(row.status)")
        }
    }

    @Test("what needs attention is said in the first line")
    func headline() throws {
        var state = FakeState()
        state.allPeers = [peer(.outbound), peer(.neverHeard)]
        state.allPeers[1].id = "q"
        state.statusReport.count(state.allPeers.map(\.state))
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let line = control(["--socket", daemon.path]).results.split(separator: "\n").first ?? ""
        #expect(
            line == "db1 watches 2 peers: 1 suspected (1 never heard), 1 trusted (1 does not hear this node)")
        let verbose = control(["is-trusted", "-v", "p", "--socket", daemon.path])
        #expect(
            verbose.results.contains("has been trusted for 4.2 s, but does not hear this node (outbound)"))
    }
}

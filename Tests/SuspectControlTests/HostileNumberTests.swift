import StatusAPI
import TestSupport
import Testing

@testable import SuspectControl

/// A status server that sends any number and any text ends no command.
@Suite("Hostile replies")
struct HostileNumberTests {
    private static let commands =
        UnknownWordTests.commands + [
            ["events", "--follow"], ["watch"], ["record", "db2"], ["wait", "db2", "--timeout", "20ms"],
            ["config", "show", "--effective"],
        ]
    private static let numbers = [Int.max, .min, 1 << 62, -(1 << 62), -1, 0]

    /// Every reply with what `change` makes of its leaves.
    private func changed(
        _ replies: [String: [String]], _ change: ([JSONTree.Step], JSONTree) -> JSONTree?
    ) throws -> [String: [String]] {
        try replies.mapValues { texts in
            try texts.map { try JSONText.decode(JSONTree.self, from: $0.utf8).mapLeaves(change).text }
        }
    }

    private func run(_ command: [String], on daemon: LyingDaemon) {
        for form in [[], ["--json"]] { _ = control(command + form + ["--socket", daemon.path]) }
    }

    @Test("any number in all fields, or in any one, and any mixture", arguments: commands)
    func numbers(command: [String]) throws {
        let daemon = try LyingDaemon()
        defer { daemon.stop() }
        let replies = try GoldenReplies.load()
        for number in Self.numbers {
            daemon.answer(with: try changed(replies) { _, leaf in leaf.isNumber ? .number(number) : nil })
            run(command, on: daemon)
        }
        var random = SeededGenerator(seed: 62)
        for _ in 0..<40 {
            daemon.answer(
                with: try changed(replies) { _, leaf in
                    guard leaf.isNumber, Bool.random(using: &random) else { return nil }
                    return Self.numbers.randomElement(using: &random).map { .number($0) }
                })
            run(command, on: daemon)
        }
    }

    @Test(
        "what is no number of the interface's, and texts without end, are refused or shown",
        arguments: commands)
    func tokens(command: [String]) throws {
        let daemon = try LyingDaemon()
        defer { daemon.stop() }
        let replies = try GoldenReplies.load()
        for token in ["1e400", "-1e400", "1e18", "NaN", "9223372036854775808", "1.5", "null", "\"\\ud800\""] {
            daemon.answer(with: try changed(replies) { _, leaf in leaf.isNumber ? .raw(token) : nil })
            run(command, on: daemon)
        }
        let long = String(repeating: "\u{202E}\u{1B}[2J漢x", count: 2_000)
        daemon.answer(with: try changed(replies) { _, leaf in leaf.isNumber ? nil : .string(long) })
        run(command, on: daemon)
        let deep = String(repeating: "[", count: 200_000)
        daemon.answer(with: replies.mapValues { _ in [deep] })
        run(command, on: daemon)
    }

    @Test("the live view draws any number, in any size of terminal")
    func liveView() throws {
        let replies = try GoldenReplies.load()
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let lies = try changed(replies) { _, leaf in
                leaf.isNumber ? Self.numbers.randomElement(using: &random).map { .number($0) } : nil
            }
            func reply<Reply: Decodable>(_ method: MonitorMethod, _ type: Reply.Type) throws -> Reply {
                let text = try #require(lies[method.fullName]?.first)
                return try VarlinkReply(message: [UInt8](text.utf8)).parameters(type)
            }
            var model = WatchModel()
            model.status = try reply(.getStatus, GetStatusReply.self).status
            model.peers = try reply(.listPeers, ListPeersReply.self).peers
            for event in try reply(.listEvents, ListEventsReply.self).events { model.append(event) }
            let size = TerminalSize(columns: 80, rows: 24)
            let lines = WatchView(model: model, nowUSec: Sample.now, size: size).lines(
                Style(isColoured: true))
            #expect(lines.count <= 24)
        }
    }

    @Test("what a daemon or a file is called cannot drive the terminal, as text or as JSON")
    func escapes() throws {
        var state = FakeState()
        let name = "x\u{1B}[2J\u{9B}\u{202E}\u{E0001}"
        state.allPeers = [Sample.peer(name, .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let json = control(["--json", "peers", "--socket", daemon.path]).results
        #expect(json.contains(#""id":"x\u001b[2J\u009b\u202e\udb40\udc01""#), "\(json)")
        let peers = try JSONText.decode([PeerReport].self, from: json.utf8)
        #expect(peers.map(\.id) == [name])
        let verified = control(["verify", "/tmp/no-such-\u{1B}[2J\n.log"])
        #expect(verified.status == 66 && !verified.remarks.contains("\u{1B}"))
        #expect(verified.remarks.split(separator: "\n").count == 1)
        let checked = control(["config", "check", "/tmp/no-such-\u{1B}[2J.toml"])
        #expect(checked.status == 78 && !checked.remarks.contains("\u{1B}"))
    }
}

extension JSONTree {
    /// Whether it is a number.
    fileprivate var isNumber: Bool {
        if case .number = self { true } else { false }
    }
}

import StatusAPI
import Testing

@testable import SuspectControl

/// A daemon of a later version says words that this client does not know.
@Suite("Unknown words")
struct UnknownWordTests {
    /// The commands that ask a daemon.
    static let commands: [[String]] = [
        ["status"], ["peers"], ["peer", "db2"], ["why", "db2"], ["witnesses", "db2"], ["audit"], ["clock"],
        ["cut"], ["conflicts"], ["is-trusted", "-v", "db2"], ["happened-before", "a@1:2", "b@1:3"],
        ["check"], ["metrics"], ["events"], ["log-level"], ["reload"],
    ]
    private static let word = "not-yet-invented"

    @Test(
        "whatever word stands in whatever field of a reply, the command prints it and continues",
        arguments: commands)
    func anyField(command: [String]) throws {
        let daemon = try LyingDaemon()
        defer { daemon.stop() }
        let replies = try GoldenReplies.load()
        daemon.answer(with: replies)
        let usual = control(command + ["--socket", daemon.path])
        let methods = daemon.called
        #expect(!methods.isEmpty && usual.remarks == "")
        for method in methods.sorted() {
            for text in replies[method] ?? [] {
                let tree = try JSONText.decode(JSONTree.self, from: text.utf8)
                for leaf in tree.leaves {
                    guard case .string(let value) = leaf.value, !value.contains("@") else { continue }
                    var lies = replies
                    lies[method] = [tree.replacing(leaf.path, with: .string(Self.word)).text]
                    daemon.answer(with: lies)
                    for form in [[], ["--json"]] {
                        let outcome = control(command + form + ["--socket", daemon.path])
                        #expect(
                            !outcome.remarks.contains("not understood"),
                            "\(command) \(leaf.path): \(outcome.remarks)")
                    }
                }
            }
        }
    }

    @Test(
        "streams continue after an unknown event, cause or certainty, and hooks are informed",
        arguments: ["event", "cause", "certainty"])
    func streams(field: String) throws {
        let daemon = try LyingDaemon()
        defer { daemon.stop() }
        var replies = try GoldenReplies.load()
        let subscribe = MonitorMethod.subscribe.fullName
        let texts = try #require(replies[subscribe])
        replies[subscribe] = try texts.map { text in
            try JSONText.decode(JSONTree.self, from: text.utf8).mapLeaves { path, _ in
                path.last == .key(field) ? .string(Self.word) : nil
            }.text
        }
        daemon.answer(with: replies)
        for form in [[], ["--json"]] {
            let outcome = control(["events", "--follow", "--socket", daemon.path] + form)
            #expect(outcome.results.components(of: Self.word) == 2, "\(outcome.results)")
            #expect(outcome.remarks.contains("garbage") || outcome.remarks.contains("not understood"))
        }
        let folder = try TemporaryFolder()
        let hook = "echo $SUSPECTD_EVENT $SUSPECTD_CAUSE $SUSPECTD_CERTAINTY >> \(folder.path("hook"))"
        _ = control(["watch", "--exec", hook, "--socket", daemon.path])
        // Two events, and before them two peers that are suspected and confirmed already.
        #expect(folder.text("hook").components(of: Self.word) == (field == "event" ? 2 : 6))
    }

    @Test(
        "what later versions added to replies may be missing: an older daemon answers without it",
        arguments: commands)
    func olderDaemon(command: [String]) throws {
        let added: Set = ["ranks", "restarts", "refused", "unsent", "strangers", "unstored", "payload"]
        let daemon = try LyingDaemon()
        defer { daemon.stop() }
        var replies = try GoldenReplies.load()
        // What is said of services came with all of its fields.
        let services = Set([MonitorMethod.listServices, .whyService].map(\.fullName))
        for (method, texts) in replies where !services.contains(method) {
            replies[method] = try texts.map {
                try JSONText.decode(JSONTree.self, from: $0.utf8).removing(added).text
            }
        }
        daemon.answer(with: replies)
        for form in [[], ["--json"]] {
            let outcome = control(command + form + ["--socket", daemon.path])
            #expect(outcome.remarks == "", "\(command): \(outcome.remarks)")
        }
    }

    private func strange() -> FakeState {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .other("fenced")), Sample.peer("db3", .trusted)]
        state.orderReply.order = .other("overlapping")
        state.auditReply.suspicions = [
            SuspicionReport(
                dot: DotText(id: "db1", epoch: 7, counter: 1), peer: "db2", timeUSec: Sample.now,
                cause: .other("frozen"))
        ]
        state.auditReply.suspicions[0].outcome = .other("forgiven")
        state.auditReply.peers = [
            PeerAuditReport(
                id: "db2", suspicions: 1, provedFalse: 0, crashConfirmed: 0, undecided: 0, mistakeUSec: 0)
        ]
        return state
    }

    @Test("an unknown state never counts as trusted, and each exit status for it is the documented one")
    func exitStatuses() throws {
        let daemon = try FakeDaemon(strange())
        defer { daemon.stop() }
        let run = { (arguments: [String]) in control(arguments + ["--socket", daemon.path]) }
        let status = run(["status"])
        #expect(status.status == 0 && status.results.contains("1 in a state unknown to this suspectctl"))
        #expect(run(["peers"]).results.contains("fenced"))
        let question = run(["is-trusted", "-v", "db2"])
        #expect(question.status == 3 && question.results.contains("has been fenced for"))
        let check = run(["check"])
        #expect(check.status == 3)
        #expect(check.results.contains("does not know: db2 is fenced | suspect=0"))
        daemon.update { $0.allPeers.append(Sample.peer("db4", .suspected)) }
        #expect(run(["check"]).status == 1)
        #expect(run(["wait", "db2", "--timeout", "20ms"]).remarks.contains("db2 is fenced"))
        #expect(run(["wait", "db2", "--state", "fenced"]).status == 64)
        let order = run(["happened-before", "a@1:2", "b@1:3"])
        #expect(order.status == 1 && order.results.contains("overlapping"))
        #expect(run(["audit"]).results.contains("forgiven") && run(["audit"]).results.contains("frozen"))
        #expect(run(["metrics"]).results.contains(#"{peer="db2",state="fenced"} 1"#))
    }
}

extension String {
    /// How often a text stands in this one.
    func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}

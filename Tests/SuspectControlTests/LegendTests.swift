import StatusAPI
import Testing

@testable import SuspectControl

/// What the words of the output mean, wherever one looks.
@Suite("the legend")
struct LegendTests {
    private static let commands: [(command: String, sections: [Legend])] = [
        ("peers", [.columns, .states, .causes, .certainties]),
        ("events", [.events, .causes, .certainties]), ("status", [.health, .reasons]),
        ("services", [.services]),
    ]

    @Test("--legend explains every word of the command's output, without a daemon")
    func option() {
        for (command, sections) in Self.commands {
            let outcome = control([command, "--legend", "--socket", "/tmp/no-such.socket"])
            #expect(outcome.status == 0 && outcome.remarks == "")
            for entry in sections.flatMap(\.entries) {
                let words = outcome.results.split(separator: "\n").map { $0.drop { $0 == " " } }
                #expect(
                    words.contains { $0.hasPrefix(entry.word) && $0.hasSuffix(entry.meaning) }, "\(entry)")
            }
        }
        #expect(Set(Self.commands.flatMap(\.sections)) == Set(Legend.allCases))
        #expect(control(["events", "--legend", "--json"]).results.contains(#""word":"flapping""#))
    }

    @Test("--help has every word too")
    func help() {
        let text = Self.commands.map { control([$0.command, "--help"]).results }.joined()
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for entry in Legend.allCases.flatMap(\.entries) {
            #expect(text.contains("\(entry.word) \(entry.meaning)"), "\(entry)")
        }
    }

    @Test("certainty is proved or likely for people, and as before for programs")
    func certainty() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .suspected)]
        state.allPeers[0].certainty = .suspected
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        #expect(control(["peers", "--socket", daemon.path]).results.contains("crash (likely)"))
        let json = control(["peers", "--json", "--socket", daemon.path]).results
        #expect(json.contains(#""certainty":"suspected""#))
    }

    @Test("a peer that was never heard has that for a cause, without a certainty")
    func neverHeard() {
        var peer = Sample.peer("db4", .suspected)
        (peer.cause, peer.certainty) = (.neverHeard, .suspected)
        #expect(peer.causeText == "never heard")
        #expect(ReportedCause(rawValue: "neverHeard") == .neverHeard)
    }
}

import StatusAPI
import Testing

@testable import SuspectControl

/// What the shells' completion scripts ask for.
@Suite("Completions")
struct CompletionTests {
    @Test("a peer's id is completed by asking the daemon", arguments: ["peer", "why", "is-trusted", "wait"])
    func peers(command: String) throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db3", .suspected), Sample.peer("db2", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        let line = ["suspectctl", "--socket", daemon.path, command, ""]
        let outcome = control(["---completion", command, "--", "positional@0", "4", "0"] + line)
        #expect(outcome.status == 0 && outcome.remarks == "")
        #expect(outcome.results == "db2\ndb3\n")
    }

    @Test("the socket is the line's, else the environment's; without a daemon there is no completion")
    func socket() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted), Sample.peer("$(reboot)", .trusted)]
        let daemon = try FakeDaemon(state)
        defer { daemon.stop() }
        func identifiers(_ words: [String], _ environment: [String: String] = [:]) -> [String] {
            PeerCompletion.identifiers(
                in: words, testContext(CapturedOutput(), environment: environment))
        }
        #expect(identifiers(["suspectctl", "--socket=\(daemon.path)", "why"]) == ["db2"])
        #expect(identifiers(["suspectctl", "why"], ["SUSPECTD_SOCKET": daemon.path]) == ["db2"])
        #expect(identifiers(["suspectctl", "--socket", "/tmp/no-such.socket", "why"]) == [])
    }

    @Test("every shell has a script that knows every command", arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) {
        let outcome = control(["--generate-completion-script", shell])
        #expect(outcome.status == 0)
        for command in ["status", "is-trusted", "wait", "check", "metrics", "config", "interface"] {
            #expect(outcome.results.contains(command))
        }
        #expect(outcome.results.contains("---completion why"))
    }

    @Test("the interface is printed without a daemon, as the daemon would describe it")
    func interface() {
        #expect(control(["interface"]).results == MonitorInterface.description)
        #expect(control(["interface", "--json"]).results.hasPrefix(##"{"description":"# What a suspectd"##))
    }
}

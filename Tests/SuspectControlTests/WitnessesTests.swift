import StatusAPI
import Testing

@testable import SuspectControl

/// `suspectctl witnesses`.
@Suite("suspectctl witnesses")
struct WitnessesTests {
    private func witness(_ id: String, _ change: (inout WitnessReport) -> Void = { _ in }) -> WitnessReport {
        var witness = WitnessReport(
            id: id, sinceUSec: Sample.now - 1_000_000, dot: DotText(id: id, epoch: 5, counter: 7))
        witness.cause = .crash
        witness.certainty = .suspected
        change(&witness)
        return witness
    }

    private func text(
        _ witnesses: [WitnessReport], state: ReportedState = .suspected, isOwn: Bool = true, quorum: Int? = 2,
        confirmed: Bool = false
    ) -> [String] {
        var peer = PeerReport(
            id: "db3", address: "10.0.0.3:7946", state: state, sinceUSec: Sample.now,
            heartbeatIntervalUSec: 200_000,
            detector: "median", mode: "heartbeat+ping")
        peer.witnesses = witnesses
        peer.confirmed = confirmed
        let own = isOwn ? witness("db1") : nil
        let counted = witnesses.count { $0.counted } + (isOwn ? 1 : 0)
        let reply = WitnessesReply(peer: peer, own: own, observers: counted, quorum: quorum, members: 4)
        return WitnessesView(reply: reply).lines(Style(isColoured: false))
    }

    @Test("the sum is said in a sentence, and every observer has a line, this node first")
    func lines() {
        let second = witness("db4") { ($0.afterAnother, $0.counted) = (true, false) }
        let lines = text([witness("db2"), second], confirmed: true)
        #expect(
            lines.first
                == "db3 is suspected here; confirmed: 2 of 3 possible observers suspect it and count; a quorum is 2."
        )
        #expect(lines[2].hasPrefix("db1 (this node)") && lines[2].contains("db1@5:7"))
        #expect(
            lines[3].contains("crash (likely)") && lines[3].contains("its own")
                && lines[3].hasSuffix("yes"))
        #expect(lines[4].contains("after it had heard") && lines[4].contains("no: of another"))
    }

    @Test("why an observer does not count is said")
    func reasons() {
        let distrusted = witness("db2") { ($0.trusted, $0.counted) = (false, false) }
        let stale = witness("db4") { $0.counted = false }
        let lines = text([distrusted, stale], quorum: 3)
        #expect(
            lines[0].hasSuffix(
                "not confirmed: 1 of 3 possible observers suspects it and counts; a quorum is 3."))
        #expect(
            lines[3].hasSuffix("no: not trusted here")
                && lines[4].hasSuffix("no: of another incarnation of the peer"))
    }

    @Test("no observer, others alone, and too few members are distinguished")
    func others() {
        #expect(text([], state: .trusted, isOwn: false) == ["No node suspects db3."])
        #expect(text([witness("db2")], state: .trusted, isOwn: false)[0].contains("does not suspect itself"))
        #expect(text([], quorum: nil)[0].contains("this quorum is impossible"))
    }

    @Test("the command prints JSON for programs, and knows no strangers")
    func command() throws {
        let daemon = try FakeDaemon(CommandTests.state(Sample.peer("db2", .suspected)))
        defer { daemon.stop() }
        let outcome = control(["--socket", daemon.path, "--json", "witnesses", "db2"])
        #expect(outcome.status == 0 && outcome.results.contains(#""observers":1"#), "\(outcome.results)")
        #expect(control(["--socket", daemon.path, "witnesses", "db9"]).status == 4)
    }
}

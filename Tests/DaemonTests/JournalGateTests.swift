import FailureDetection
import Systemd
import Testing

@testable import Daemon

@Suite("notes about peers in the journal")
struct JournalGateTests {
    private var gate = JournalGate()

    private func note(_ text: String, _ id: MessageID) -> JournalEntry { JournalEntry(.notice, text, id: id) }

    private func second(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    /// A peer is suspected and trusted again, six times, in six seconds; nothing more is said of it.
    private mutating func flap() -> [String] {
        (0..<6).flatMap { round in
            [note("suspected", .suspect), note("trusted", .trust)].compactMap {
                gate.admit($0, about: "b", at: second(round))?.message
            }
        }
    }

    @Test("the last note about a peer that comes and goes is written, and says how many were held back")
    mutating func last() {
        #expect(flap().count == 10)
        #expect(gate.admit(note("suspected", .suspect), about: "b", at: second(7)) == nil)
        #expect(gate.deadline == second(17))
        #expect(gate.takeDue(at: second(16)).isEmpty)
        #expect(
            gate.takeDue(at: second(17)).map(\.message) == [
                "suspected (written 10 s late) (1 similar suppressed)"
            ])
        #expect(gate.deadline == .never)
        #expect(gate.takeDue(at: second(30)).isEmpty)
    }

    @Test("a later note about the peer replaces one that was held back; one about another peer does not")
    mutating func superseded() {
        _ = flap()
        #expect(gate.admit(note("restarted", .restart), about: "b", at: second(8)) != nil)
        #expect(gate.deadline == .never)
        _ = gate.admit(note("suspected", .suspect), about: "b", at: second(9))
        _ = gate.admit(note("suspected", .suspect), about: "c", at: second(9))
        #expect(gate.takeDue(at: second(19)).count == 1)
    }
}

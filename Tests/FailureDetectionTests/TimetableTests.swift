import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// When messages of a peer arrive that does not hear us, by the last one that an earlier process received.
@Suite("the timetable of a peer that cannot answer")
struct TimetableTests {
    private static let (sent, arrived) = (
        Instant(nanoseconds: 5_000_000_000), Instant(nanoseconds: 9_000_000_000)
    )

    private func memory(_ cause: Cause?, state: PeerState = .trusted) -> PeerSnapshot {
        var memory = PeerSnapshot(id: host("b"), since: Self.arrived, deadline: Self.arrived)
        (memory.state, memory.verdict) = (state, cause.map { Verdict($0, .suspected) })
        memory.received.highest = 7
        (memory.received.sent, memory.received.arrival) = (Self.sent, Self.arrived)
        return memory
    }

    @Test(
        "contains what comes as much later as it was sent later, and no recording that is played afterwards")
    func recording() throws {
        let timetable = try #require(Timetable(ofHeard: memory(.outbound), after: .seconds(60)))
        for (delay, isIn) in [(0, true), (100, true), (-100, true), (400, false), (-400, false)]
            as [(Int64, Bool)]
        {
            let sign = LifeSign(
                sent: Self.sent + .seconds(70), arrived: Self.arrived + .seconds(70) + .milliseconds(delay))
            #expect(timetable.contains(sign, tolerance: .milliseconds(120)) == isIn, "\(delay)")
        }
    }

    @Test("is had of such a peer only: every other can be asked")
    func others() {
        #expect(Timetable(ofHeard: memory(nil), after: .zero) == nil)
        #expect(Timetable(ofHeard: memory(.outbound, state: .suspected), after: .zero) == nil)
        var unheard = memory(.outbound)
        unheard.received = ReceivedLink()
        #expect(Timetable(ofHeard: unheard, after: .zero) == nil)
    }
}

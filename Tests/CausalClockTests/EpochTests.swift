import CausalClock
import Testing

@Suite("P14: epochs")
struct EpochTests {
    private let now = Epoch.origin + 1_000

    @Test("a new incarnation is later than the one before, and no earlier than the wall clock")
    func next() {
        #expect(Epoch.next(after: nil, wallClockSeconds: now) == Epoch(1_000))
        #expect(Epoch.next(after: Epoch(999), wallClockSeconds: now) == Epoch(1_000))
        #expect(Epoch.next(after: Epoch(1_000), wallClockSeconds: now) == Epoch(1_001))
    }

    @Test("a wall clock that was set back does not bring an old incarnation back")
    func clockSetBack() {
        #expect(Epoch.next(after: Epoch(5_000), wallClockSeconds: now) == Epoch(5_001))
        #expect(Epoch.next(after: Epoch(5_000), wallClockSeconds: 0) == Epoch(5_001))
    }

    @Test("a wall clock before the origin still gives an epoch")
    func beforeOrigin() {
        #expect(Epoch(wallClockSeconds: 0) == Epoch(1))
        #expect(Epoch(wallClockSeconds: Epoch.origin) == Epoch(1))
        #expect(Epoch(wallClockSeconds: Epoch.origin + 2) == Epoch(2))
    }

    @Test("a restored epoch at the end of its range is replaced, and nothing overflows")
    func endOfRange() {
        #expect(Epoch.next(after: Epoch(.max), wallClockSeconds: now) == Epoch(.max))
        #expect(Epoch.next(after: Epoch(.max - 1), wallClockSeconds: now) == Epoch(.max))
        #expect(Epoch.latestCredible(wallClockSeconds: .max) > Epoch(.max / 2))
    }

    @Test("one day ahead is believed, one second more is not")
    func credible() {
        #expect(Epoch.latestCredible(wallClockSeconds: now) == Epoch(1_000 + 86_400))
    }
}

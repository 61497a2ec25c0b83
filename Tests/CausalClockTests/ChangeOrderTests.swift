import CausalClock
import TestSupport
import Testing

/// Which entries changed after an event is found without a check of the others.
@Suite("the order in which entries changed")
struct ChangeOrderTests {
    @Test("the changes after any event are those that a check of every entry finds")
    func oracle() throws {
        let names = try (0..<40).map { try #require(HostID("h\($0 + 10)")) }
        var generator = SeededGenerator(seed: 8)
        var clock = VectorClock(owner: try #require(HostID("me")), epoch: Epoch(1))
        for step in 1...4_000 as ClosedRange<UInt64> {
            let host = try #require(names.randomElement(using: &generator))
            switch UInt8.random(in: 0..<200, using: &generator) {
            case 0: clock.remove(host)
            case 1: clock.beginIncarnation(Epoch(clock.epoch.value + 1))
            case 2..<60: clock.merge(Dot(host: host, epoch: Epoch(1), counter: step))
            default:
                let reported = names.filter { _ in UInt8.random(in: 0..<8, using: &generator) == 0 }
                clock.merge(reported.map { Dot(host: $0, epoch: Epoch(1), counter: step) }) { _ in }
            }
            clock.tick()
            let base = UInt64.random(in: 0...clock.counter, using: &generator)
            let changes = clock.changes[clock.firstChange(after: base)...].filter(clock.isLatest)
            #expect(
                changes.map(\.index).sorted()
                    == clock.entries.indices.filter { clock.changedAt[$0] > base })
            #expect(changes.map(\.event) == changes.map(\.event).sorted())
            #expect(clock.changes.count <= names.count + names.count / 4 + 17)
        }
    }
}

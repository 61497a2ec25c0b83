import CausalClock
import Testing

@testable import FailureDetection

@Suite("the detector under random events")
struct MonitorPropertyTests {
    /// One run of 40 turns.
    private func violations(seed: UInt64) -> [String] {
        var events = RandomEvents(seed: seed, peers: 4)
        let settings = RandomEvents.names.dropLast().map { events.settings($0, mayHaveTarget: true) }
        var now = Instant(nanoseconds: .random(in: 0...2_000_000_000, using: &events.generator))
        var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: settings, seed: seed, at: now)
        monitor.latestCredibleEpoch = Epoch(1_000)
        var invariants = MonitorInvariants(monitor)
        var snapshot = monitor.snapshot(at: now)
        for _ in 0..<40 {
            now = events.nextInstant(after: now, due: monitor.nextDeadline?.instant ?? now)
            if events.operate(on: &monitor, since: &snapshot, at: now) { invariants.afterChange(monitor) }
            events.turn(of: &monitor, at: now) { invariants.afterEvent($0, $1) }
            invariants.afterWake(monitor, at: now)
        }
        return invariants.violations
    }

    @Test(
        "every transition is legal and reported, nothing stays due, nothing grows",
        arguments: 0..<8 as Range<UInt64>)
    func invariants(block: UInt64) {
        for seed in block * 150..<(block + 1) * 150 {
            let violations = violations(seed: seed)
            #expect(violations.isEmpty, "seed \(seed): \(violations.prefix(3))")
        }
    }

    @Test("the same events give the same effects")
    func determinism() {
        func run() -> String {
            var events = RandomEvents(seed: 77, peers: 4)
            let settings = RandomEvents.names.dropLast().map { events.settings($0) }
            var now = Instant(nanoseconds: 0)
            var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: settings, seed: 1, at: now)
            var effects = Effects()
            for _ in 0..<300 {
                now = now + .milliseconds(7)
                for event in [Event.turnBegan, events.next(at: now), .wake] {
                    monitor.handle(event, at: now, into: &effects)
                }
            }
            return "\(effects.items)"
        }
        #expect(run() == run())
    }
}

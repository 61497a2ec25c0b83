import TestSupport

@testable import FailureDetection

extension RandomEvents {
    /// Gives a monitor the events of one turn, and hands over what it did after each.
    mutating func turn(of monitor: inout Monitor, at now: Instant, after: (Monitor, Effects) -> Void) {
        var effects = Effects()
        let received = (0..<Int.random(in: 0...3, using: &generator)).map { _ in next(at: now) }
        for event in [.turnBegan] + received + [.wake] {
            effects.removeAll()
            monitor.handle(event, at: now, into: &effects)
            for effect in effects.items { learn(effect) }
            after(monitor, effects)
        }
    }
}

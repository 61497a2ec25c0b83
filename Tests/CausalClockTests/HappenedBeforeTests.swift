import TestSupport
import Testing

@testable import CausalClock

@Suite("P1: clocks and happened-before agree")
struct HappenedBeforeTests {
    /// The number of pairs in which the clocks disagree with the truth.
    private func disagreements(in history: CausalHistory) -> Int {
        var count = 0
        for left in history.events.indices {
            for right in history.events.indices {
                let reported = history.events[left].clock.order(to: history.events[right].clock)
                if reported != history.order(left, right) { count += 1 }
            }
        }
        return count
    }

    @Test("clocks show the order of every two events in every short run of three hosts")
    func exhaustive() {
        // At each step one of three hosts acts, or one of six messages is sent and arrives immediately.
        let steps = (0..<3).flatMap { from in (0..<3).map { (from, $0) } }
        let wrong = (0..<(9 * 9 * 9 * 9)).filter { run in
            var history = CausalHistory(hosts: hosts)
            var rest = run
            for _ in 0..<4 {
                let (from, to) = steps[rest % 9]
                rest /= 9
                if from == to {
                    history.act(at: from)
                } else {
                    history.receive(history.send(from: from, to: to))
                }
            }
            return disagreements(in: history) > 0
        }
        #expect(wrong.isEmpty)
    }

    @Test("they do in long runs with loss, doubling and reordering", arguments: 1...8 as ClosedRange<UInt64>)
    func random(seed: UInt64) {
        #expect(disagreements(in: history(seed: seed, restarts: false)) == 0)
    }

    @Test("they do when hosts restart and forget", arguments: 101...108 as ClosedRange<UInt64>)
    func restarts(seed: UInt64) {
        #expect(disagreements(in: history(seed: seed, restarts: true)) == 0)
    }

    private func history(seed: UInt64, restarts: Bool) -> CausalHistory {
        var generator = SeededGenerator(seed: seed)
        var history = CausalHistory(hosts: ["a", "b", "c", "d", "e"].compactMap { HostID($0) })
        var underWay: [CausalHistory.Message] = []
        while history.events.count < 60 {
            let host = Int.random(in: 0..<5, using: &generator)
            switch Int.random(in: 0..<100, using: &generator) {
            case ..<15: history.act(at: host)
            case ..<55:
                let to = (host + .random(in: 1..<5, using: &generator)) % 5
                underWay.append(history.send(from: host, to: to))
            case ..<97:
                // Any message under way may be the next to arrive; some arrive twice, some never.
                guard let index = underWay.indices.randomElement(using: &generator) else { continue }
                history.receive(underWay[index])
                if Int.random(in: 0..<5, using: &generator) > 0 { underWay.remove(at: index) }
            default:
                if restarts { history.restart(host) } else { _ = underWay.popLast() }
            }
        }
        return history
    }

    @Test("P2: of every two clocks, possible or not, the order is the same from both sides")
    func antisymmetric() {
        let mirrored: [CausalOrder: CausalOrder] = [
            .before: .after, .after: .before, .same: .same, .concurrent: .concurrent, .unknown: .unknown,
        ]
        let clocks = smallClocks()
        #expect(clocks.count == 3 * 2 * 9)
        for left in clocks {
            for right in clocks {
                #expect(mirrored[left.order(to: right)] == right.order(to: left))
                #expect((left.order(to: right) == .same) == (left.dot == right.dot))
            }
        }
    }

    /// All clocks of three hosts whose numbers are at most 2; an entry that is missing is 0.
    private func smallClocks() -> [VectorClock] {
        var clocks: [VectorClock] = []
        for owner in hosts {
            let others = hosts.filter { $0 != owner }
            for numbers in 0..<18 {
                var clock = VectorClock(owner: owner, epoch: Epoch(1), counter: UInt64(numbers / 9 + 1))
                for (host, number) in zip(others, [numbers % 9 / 3, numbers % 3]) where number > 0 {
                    clock.merge(Dot(host: host, epoch: Epoch(1), counter: UInt64(number)))
                }
                clocks.append(clock)
            }
        }
        return clocks
    }

    @Test("an event does not come before itself")
    func same() {
        var clock = VectorClock(owner: hosts[0], epoch: Epoch(1))
        clock.tick()
        #expect(clock.order(to: clock) == .same)
        let before = clock
        clock.tick()
        #expect(before.order(to: clock) == .before)
        #expect(clock.order(to: before) == .after)
    }
}

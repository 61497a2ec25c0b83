import CausalClock
import TestSupport
import Testing

/// Merging takes a maximum, entry by entry: whatever is lost, doubled or reordered on the way, the result is the same.
@Suite("P3: merging clocks")
struct MergeLawTests {
    private static let owner = HostID("m")
    private static let names = ["a", "b", "b1", "l", "n", "x", "zz"].compactMap { HostID($0) }

    /// Entries of some of the hosts, ascending, with small numbers so that equal ones are frequent.
    private func entries(_ generator: inout SeededGenerator) -> [Dot] {
        Self.names.filter { _ in Bool.random(using: &generator) }.map {
            Dot(
                host: $0, epoch: Epoch(.random(in: 1...2, using: &generator)),
                counter: .random(in: 1...3, using: &generator))
        }
    }

    private func merged(_ messages: [[Dot]]) throws -> [Dot] {
        var clock = VectorClock(owner: try #require(Self.owner), epoch: Epoch(1))
        for message in messages { clock.merge(message) { _ in } }
        return clock.entries
    }

    @Test("the order of messages does not matter")
    func commutative() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let messages = (0..<4).map { _ in entries(&generator) }
            #expect(try merged(messages) == merged(messages.shuffled(using: &generator)))
        }
    }

    @Test("merging a merged clock is merging its parts")
    func associative() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let (a, b, c) = (entries(&generator), entries(&generator), entries(&generator))
            #expect(try merged([merged([a, b]), c]) == merged([a, merged([b, c])]))
        }
    }

    @Test("a doubled message changes nothing")
    func idempotent() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let (a, b) = (entries(&generator), entries(&generator))
            #expect(try merged([a, b, a, b]) == merged([a, b]))
        }
    }

    @Test("no entry ever goes back, hosts ascend, and the result is the larger of each")
    func monotone() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<500 {
            let (before, received) = (try merged([entries(&generator)]), entries(&generator))
            let after = try merged([before, received])
            #expect(zip(after, after.dropFirst()).allSatisfy { $0.host < $1.host })
            for host in Self.names {
                let known = [before, received].compactMap { $0.first { $0.host == host } }
                let largest = known.max { $0.precedes($1) }
                #expect(after.first { $0.host == host } == largest)
            }
        }
    }

    @Test("entry by entry or in one pass, the result is the same")
    func onePass() throws {
        var generator = SeededGenerator(seed: 7)
        let owner = try #require(Self.owner)
        for _ in 0..<500 {
            let (first, second) = (entries(&generator), entries(&generator))
            var single = VectorClock(owner: owner, epoch: Epoch(1))
            for entry in first + second { single.merge(entry) }
            #expect(try merged([first, second]) == single.entries)
        }
    }
}

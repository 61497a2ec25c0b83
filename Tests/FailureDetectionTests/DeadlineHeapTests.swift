import TestSupport
import Testing

@testable import FailureDetection

@Suite("the heap of deadlines")
struct DeadlineHeapTests {
    @Test("its soonest is the smallest of all, however they change", arguments: [1, 2, 3, 7, 64, 100])
    func bruteForce(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        var heap = DeadlineHeap(count: count)
        var plain = [Instant](repeating: .never, count: count)
        for _ in 0..<1_000 {
            let member = Int.random(in: 0..<count, using: &generator)
            let deadline =
                Int.random(in: 0..<8, using: &generator) == 0
                ? .never : Instant(nanoseconds: .random(in: -20...20, using: &generator))
            heap.set(deadline, of: member)
            plain[member] = deadline
            let soonest = heap.soonest
            #expect(soonest?.deadline == plain.min())
            #expect(soonest.map { plain[$0.member] } == soonest?.deadline)
        }
    }

    @Test("without members there is no deadline")
    func empty() { #expect(DeadlineHeap(count: 0).soonest == nil) }
}

import TestSupport
import Testing

@testable import FailureDetection

@Suite("the window of delays")
struct DelayWindowTests {
    /// The middle of a sorted array, the plain way.
    private func median(_ delays: some Collection<Int64>) -> Int64? {
        let sorted = delays.sorted()
        guard let upper = sorted.isEmpty ? nil : sorted[sorted.count / 2] else { return nil }
        guard sorted.count.isMultiple(of: 2) else { return upper }
        let lower = sorted[sorted.count / 2 - 1]
        return lower + (upper - lower) / 2
    }

    @Test("its median is that of the last 31, sorted", arguments: 1...6 as ClosedRange<UInt64>)
    func median(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = DelayWindow()
        var all: [Int64] = []
        let range: ClosedRange<Int64> = seed.isMultiple(of: 2) ? -3...3 : -1_000_000...1_000_000_000
        #expect(window.median == nil)
        for _ in 0..<300 {
            let delay = Int64.random(in: range, using: &generator)
            all.append(delay)
            window.append(delay)
            let recent = all.suffix(DelayWindow.capacity)
            #expect(window.median == median(recent))
            #expect(window.minimum == recent.min() && window.maximum == recent.max())
            #expect(window.count == recent.count)
            if Int.random(in: 0..<90, using: &generator) == 0 {
                window.removeAll()
                all.removeAll()
                #expect(window.median == nil)
            }
        }
    }

    @Test("delays of any size have a median: they come from the network")
    func extremes() {
        var window = DelayWindow()
        window.append(.max)
        window.append(.min)
        #expect(window.median == -1)
        window.append(.max)
        #expect(window.median == .max)
        window.append(.max)
        #expect(window.median == .max)
    }

    @Test("the recent minimum forgets what is 1,024 delays old, and never sooner than 512")
    func recentMinimum() {
        var minimum = RecentMinimum()
        #expect(minimum.value == .max)
        minimum.append(5)
        for _ in 0..<512 { minimum.append(100) }
        #expect(minimum.value == 5)
        for _ in 0..<512 { minimum.append(100) }
        #expect(minimum.value == 100)
    }
}

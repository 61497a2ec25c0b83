import TestSupport
import Testing

@testable import FailureDetection

@Suite("windows with exact sums")
struct SampleWindowTests {
    @Test(
        "mean and deviation equal those of a naive sum over the same values",
        arguments: 1...5 as ClosedRange<UInt64>)
    func oracle(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var window = VarianceWindow(capacity: 50)
        var values: [Int64] = []
        for _ in 0..<400 {
            let value = Int64.random(in: -1_000_000_000...5_000_000_000, using: &generator)
            window.append(value)
            values.append(value)
            let last = values.suffix(50).map { Double($0) }
            let mean = last.reduce(0, +) / Double(last.count)
            let variance = last.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(last.count)
            #expect(abs(Double(try #require(window.mean)) - mean) <= 0.500_001)
            #expect(abs(window.deviation - variance.squareRoot()) <= 1e-9 * (1 + variance.squareRoot()))
        }
        #expect(window.count == 50)
    }

    @Test(
        "equal values have no deviation at all, however large they are",
        arguments: [0, 1, 99_999_999, -3, 1 << 52])
    func identical(value: Int64) {
        var window = VarianceWindow(capacity: 1_000)
        for _ in 0..<3_000 {
            window.append(value)
            #expect(window.deviation == 0)
        }
        #expect(window.mean == value)
    }

    @Test("the mean is rounded to the nearest integer, on both sides of zero")
    func rounding() {
        var window = MeanWindow(capacity: 3)
        for value in [1, 1, 2] as [Int64] { window.append(value) }
        #expect(window.mean == 1)
        window.append(2)
        #expect(window.mean == 2)
        for value in [-1, -2, -2] as [Int64] { window.append(value) }
        #expect(window.mean == -2)
    }

    @Test("the largest values of all neither trap nor leave anything behind")
    func extremes() {
        var means = MeanWindow(capacity: 1_000)
        var spread = VarianceWindow(capacity: 5_000)
        for beat in 0..<5_000 {
            let value: Int64 = beat.isMultiple(of: 2) ? .max : .min
            means.append(value)
            spread.append(value)
        }
        // The exact mean is −½.
        #expect(means.mean == -1)
        #expect(spread.count == VarianceWindow.largestCapacity)
        #expect(spread.deviation == Double(VarianceWindow.limit))
        for _ in 0..<5_000 {
            means.append(7)
            spread.append(7)
        }
        #expect(means.mean == 7 && spread.mean == 7 && spread.deviation == 0)
    }
}

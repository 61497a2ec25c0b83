/// The last values of a series with their exact mean and variance.
///
/// The textbook's Σx² − n·mean² loses everything in floating point when nanoseconds are squared: on equal values it
/// comes out negative, and its root is no number. Here n·Σx² − (Σx)² is an integer, exact and never negative; only
/// the last division rounds.
package struct VarianceWindow: Sendable {
    /// The largest value in size that is kept, 52 days; larger ones count as this, so that no sum overflows.
    package static let limit: Int64 = 1 << 52
    /// The largest capacity for which the sums fit 128 bits: 2^52 squared, times 2^11 squared, is below 2^127.
    package static let largestCapacity = 2_048

    private var window: MeanWindow
    private var sumOfSquares: Int128 = 0

    /// An empty window of `capacity` values, from 1 to `largestCapacity`.
    package init(capacity: Int) { window = MeanWindow(capacity: min(capacity, Self.largestCapacity)) }

    /// How many values there are.
    package var count: Int { window.count }

    /// The mean, rounded to the nearest integer; `nil` while empty.
    package var mean: Int64? { window.mean }

    /// The standard deviation of the values as a whole population; 0 while empty.
    package var deviation: Double {
        guard count > 1 else { return 0 }
        let count = Int128(count)
        let spread = count * sumOfSquares - window.sum * window.sum
        return Self.double(spread).squareRoot() / Double(self.count)
    }

    /// The nearest double, in two halves: the standard library's general conversion takes a hundred times as long.
    static func double(_ value: Int128) -> Double {
        Double(Int64(truncatingIfNeeded: value >> 64)) * 0x1p64 + Double(UInt64(truncatingIfNeeded: value))
    }

    /// Adds a value; the oldest gives way when the window is full.
    package mutating func append(_ value: Int64) {
        let value = min(max(value, -Self.limit), Self.limit)
        sumOfSquares += Int128(value) * Int128(value)
        guard let evicted = window.append(value) else { return }
        sumOfSquares -= Int128(evicted) * Int128(evicted)
    }

    /// The last values, oldest first: as many as there are, `maximum` at most.
    package func latest(_ maximum: Int) -> [Int64] { window.latest(maximum) }

    /// Forgets everything.
    package mutating func removeAll() { self = VarianceWindow(capacity: window.capacity) }
}

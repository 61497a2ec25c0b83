/// The last values of a series and their exact sum.
///
/// The sum is an integer of 128 bits: a thousand delays between clocks a century apart fit, and adding the new value
/// and taking away the oldest leaves no rounding behind, however long the daemon runs. Storage grows with use, up to
/// the capacity, and is then a ring.
package struct MeanWindow: Sendable {
    /// The most values that are kept.
    package let capacity: Int
    /// The exact sum of the values.
    package private(set) var sum: Int128 = 0

    private var values: [Int64] = []
    private var oldest = 0

    /// An empty window of `capacity` values, one at least.
    package init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    /// How many values there are.
    package var count: Int { values.count }

    /// The mean, rounded to the nearest integer; `nil` while empty.
    package var mean: Int64? {
        guard !values.isEmpty else { return nil }
        let count = Int128(values.count)
        let half = sum < 0 ? -count / 2 : count / 2
        // The mean of 64-bit integers is one.
        return Int64(truncatingIfNeeded: (sum + half) / count)
    }

    /// Adds a value; the oldest gives way when the window is full, and is returned.
    @discardableResult
    package mutating func append(_ value: Int64) -> Int64? {
        sum += Int128(value)
        guard values.count == capacity else {
            values.append(value)
            return nil
        }
        let evicted = values[oldest]
        sum -= Int128(evicted)
        values[oldest] = value
        oldest = oldest + 1 == capacity ? 0 : oldest + 1
        return evicted
    }

    /// The last values, oldest first: as many as there are, `maximum` at most.
    package func latest(_ maximum: Int) -> [Int64] {
        Array((values[oldest...] + values[..<oldest]).suffix(maximum))
    }

    /// Forgets everything.
    package mutating func removeAll() { self = MeanWindow(capacity: capacity) }
}

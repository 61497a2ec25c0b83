/// The last values of a series with their exact mean and variance (`SpreadSums`).
package struct VarianceWindow: Sendable {
    /// The largest value in size that is kept, 52 days; larger ones count as this.
    package static let limit = SpreadSums.limit
    /// The largest capacity for which the sums are exact.
    package static let largestCapacity = SpreadSums.most

    private var window: MeanWindow
    private var sums = SpreadSums()

    /// An empty window of `capacity` values, from 1 to `largestCapacity`.
    package init(capacity: Int) { window = MeanWindow(capacity: min(capacity, Self.largestCapacity)) }

    /// How many values there are.
    package var count: Int { window.count }

    /// The mean, rounded to the nearest integer; `nil` while empty.
    package var mean: Int64? { window.mean }

    /// The standard deviation of the values as a whole population; 0 while empty.
    package var deviation: Double { sums.deviation }

    /// Adds a value; the oldest gives way when the window is full.
    package mutating func append(_ value: Int64) {
        let value = SpreadSums.limited(value)
        sums.append(value)
        if let evicted = window.append(value) { sums.remove(evicted) }
    }

    /// The last values, oldest first: as many as there are, `maximum` at most.
    package func latest(_ maximum: Int) -> [Int64] { window.latest(maximum) }

    /// Forgets everything.
    package mutating func removeAll() { self = VarianceWindow(capacity: window.capacity) }
}

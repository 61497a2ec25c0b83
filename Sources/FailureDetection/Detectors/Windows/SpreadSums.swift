/// The exact sums from which the mean and the deviation of up to 2,048 values follow.
///
/// The textbook's Σx² − n·mean² loses everything in floating point when nanoseconds are squared: on equal values it
/// comes out negative, and its root is no number. Here n·Σx² − (Σx)² is an integer, exact and never negative; only
/// the last division rounds.
struct SpreadSums: Sendable, BitwiseCopyable {
    /// The largest value in size that is summed, 52 days; larger ones count as this, so that no sum overflows.
    static let limit: Int64 = 1 << 52
    /// The most values for which the sums fit 128 bits: 2^52 squared, times 2^11 squared, is below 2^127.
    static let most = 2_048

    private(set) var count = 0
    private var sum: Int128 = 0
    private var squares: Int128 = 0

    /// The mean, rounded towards zero; `nil` while empty.
    var mean: Int64? { count > 0 ? Int64(sum / Int128(count)) : nil }

    /// The standard deviation of the values as a whole population; 0 while empty.
    var deviation: Double {
        guard count > 1 else { return 0 }
        return Self.double(Int128(count) * squares - sum * sum).squareRoot() / Double(count)
    }

    /// A value as it is summed.
    static func limited(_ value: Int64) -> Int64 { min(max(value, -limit), limit) }

    /// Adds a value; one that is larger in size than `limit` counts as that.
    mutating func append(_ value: Int64) {
        let value = Int128(Self.limited(value))
        self = Self(count: count + 1, sum: sum + value, squares: squares + value * value)
    }

    /// Takes back a value that was added.
    mutating func remove(_ value: Int64) {
        let value = Int128(Self.limited(value))
        self = Self(count: count - 1, sum: sum - value, squares: squares - value * value)
    }

    /// The sums of both.
    static func + (left: Self, right: Self) -> Self {
        Self(
            count: left.count + right.count, sum: left.sum + right.sum, squares: left.squares + right.squares)
    }

    /// The nearest double, in two halves: the standard library's general conversion takes a hundred times as long.
    private static func double(_ value: Int128) -> Double {
        Double(Int64(truncatingIfNeeded: value >> 64)) * 0x1p64 + Double(UInt64(truncatingIfNeeded: value))
    }
}

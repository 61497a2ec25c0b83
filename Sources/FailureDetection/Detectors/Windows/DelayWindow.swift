/// The delays of the last heartbeats, kept both in order of arrival and in order of size.
///
/// Thirty-one delays are enough: on recorded links windows of 15, 31 and 101 tie. Both orders live inline, and a new
/// delay moves at most thirty others, so nothing is allocated and nothing is summed: a median cannot be poisoned by
/// one long outage, nor drift like a floating-point sum.
struct DelayWindow: Sendable {
    static let capacity = 31

    private var inOrderOfArrival = InlineArray<31, Int64>(repeating: 0)
    private var inOrderOfSize = InlineArray<31, Int64>(repeating: 0)
    private(set) var count = 0
    private var next = 0

    /// The middle delay, or the mean of the two middle ones; `nil` while empty.
    var median: Int64? {
        guard count > 0 else { return nil }
        let upper = inOrderOfSize[count / 2]
        guard count.isMultiple(of: 2) else { return upper }
        let lower = inOrderOfSize[count / 2 - 1]
        // Stamps come from the network: the distance of two delays may exceed what a signed number holds.
        let distance = UInt64(bitPattern: upper) &- UInt64(bitPattern: lower)
        return lower + Int64(distance / 2)
    }

    /// The shortest delay; `nil` while empty.
    var minimum: Int64? { count > 0 ? inOrderOfSize[0] : nil }

    /// The longest delay; `nil` while empty.
    var maximum: Int64? { count > 0 ? inOrderOfSize[count - 1] : nil }

    /// The delays, oldest first.
    var all: [Int64] {
        let start = count == Self.capacity ? next : 0
        return (0..<count).map { inOrderOfArrival[(start + $0) % Self.capacity] }
    }

    /// Adds a delay; the oldest gives way when the window is full.
    mutating func append(_ delay: Int64) {
        if count == Self.capacity { removeFromSizes(inOrderOfArrival[next]) }
        insertIntoSizes(delay)
        inOrderOfArrival[next] = delay
        next = (next + 1) % Self.capacity
    }

    /// Forgets everything.
    mutating func removeAll() {
        count = 0
        next = 0
    }

    private mutating func removeFromSizes(_ delay: Int64) {
        var index = 0
        while inOrderOfSize[index] != delay { index += 1 }
        while index + 1 < count {
            inOrderOfSize[index] = inOrderOfSize[index + 1]
            index += 1
        }
        count -= 1
    }

    private mutating func insertIntoSizes(_ delay: Int64) {
        var index = count
        while index > 0, inOrderOfSize[index - 1] > delay {
            inOrderOfSize[index] = inOrderOfSize[index - 1]
            index -= 1
        }
        inOrderOfSize[index] = delay
        count += 1
    }
}

/// The smallest of the last 512 to 1,024 delays, in two numbers.
///
/// Two hosts' clocks drift apart by some 50 parts in a million, so a minimum over all time would soon be a minimum
/// of the drift. Two buckets that take turns forget it.
struct RecentMinimum: Sendable {
    private static let bucketSize = 512

    private var previous = Int64.max
    private var current = Int64.max
    private var count = 0

    /// The smallest recent delay; `Int64.max` while there is none.
    var value: Int64 { min(previous, current) }

    /// Adds a delay.
    mutating func append(_ delay: Int64) {
        if count == Self.bucketSize {
            previous = current
            current = .max
            count = 0
        }
        current = min(current, delay)
        count += 1
    }
}

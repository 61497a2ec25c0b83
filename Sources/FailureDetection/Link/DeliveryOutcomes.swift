/// What became of the latest datagrams that were sent to one address.
package struct DeliveryOutcomes: Sendable, BitwiseCopyable, Hashable {
    /// The most that are remembered.
    package static let limit = 32
    /// How many are remembered, up to `limit`.
    package private(set) var count = 0
    /// Bit *i* is set when the one `i` before the latest was lost.
    private var losses: UInt32 = 0

    /// Nothing is remembered.
    package init() {}

    /// How many of these were lost.
    package var lost: Int { losses.nonzeroBitCount }

    /// The lost ones among 100; 0 when nothing is remembered.
    package var lostPercent: Int { count == 0 ? 0 : lost * 100 / count }

    /// Notes what became of the next.
    package mutating func note(isLost: Bool) {
        losses = losses << 1 | (isLost ? 1 : 0)
        count = min(count + 1, Self.limit)
    }
}

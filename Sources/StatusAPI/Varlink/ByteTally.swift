import Synchronization

/// How many bytes of replies are in memory, over all connections; each message once, however many wait for it.
package final class ByteTally: Sendable {
    private let bytes = Atomic<Int>(0)

    /// Starts at nothing.
    package init() {}

    /// The bytes that are in memory now.
    package var count: Int { bytes.load(ordering: .relaxed) }

    /// Counts bytes until the receipt goes.
    func add(_ count: Int) -> Receipt { Receipt(count, in: self) }

    /// Bytes that are counted.
    final class Receipt: Sendable {
        private let count: Int
        private let tally: ByteTally

        fileprivate init(_ count: Int, in tally: ByteTally) {
            (self.count, self.tally) = (count, tally)
            tally.bytes.add(count, ordering: .relaxed)
        }

        deinit { tally.bytes.subtract(count, ordering: .relaxed) }
    }
}

internal import CausalClock

/// Vector clocks to be merged and compared over and over, for those that time it.
package struct ClockWork: Sendable {
    private var clock: VectorClock
    private var other: VectorClock
    private let messages: [[Dot]]

    /// Clocks with so many entries.
    ///
    /// - Parameters:
    ///   - entries: how many other hosts they know.
    ///   - rising: whether every entry rises with every merge; else none does.
    package init(entries: Int, rising: Bool) {
        let ids = (0..<entries + 2).compactMap { ClusterSettings.id(of: $0, of: entries + 2) }
        messages = (1...32).map { round in
            ids.dropFirst(2).map {
                Dot(host: $0, epoch: Epoch(1), counter: rising ? UInt64(round) * 1_000 : 32_000)
            }
        }
        clock = VectorClock(owner: ids[0], epoch: Epoch(1))
        other = VectorClock(owner: ids[1], epoch: Epoch(1))
        for owner in 0...1 {
            let seen = messages[owner == 0 && rising ? 0 : 31]
            if owner == 0 { clock.merge(seen) { _ in } } else { other.merge(seen) { _ in } }
        }
        clock.tick()
        other.tick()
    }

    /// How many merges `merge` makes.
    package var merges: Int { messages.count }

    /// Merges all messages into a copy of the clock.
    ///
    /// - Returns: how many entries rose.
    package func merge() -> Int {
        var clock = clock
        var rises = 0
        for message in messages {
            clock.merge(message) { _ in rises += 1 }
            clock.tick()
        }
        return rises
    }

    /// Compares the clocks, by the entries that decide.
    ///
    /// - Returns: whether they are concurrent.
    package func compare() -> Bool { clock.order(to: other) == .concurrent }
}

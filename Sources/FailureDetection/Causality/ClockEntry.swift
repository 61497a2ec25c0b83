public import CausalClock

/// An entry of our clock.
public struct ClockEntry: Sendable, Hashable {
    /// The latest event of a host that could have influenced us.
    public var dot: Dot
    /// When we learnt of it, from the host itself or through another; `nil` when that is not known.
    public var learnt: Instant?
}

extension Monitor {
    /// What our clock knows of the other hosts, ascending by host, and since when.
    public var clockEntries: [ClockEntry] {
        clock.entries.map { entry in
            guard let index = index(of: entry.host) else { return ClockEntry(dot: entry) }
            let relayed = indirectNews[index].flatMap { $0.dot == entry ? $0.arrived : nil }
            return ClockEntry(dot: entry, learnt: relayed ?? peers[index].lastHeard)
        }
    }
}

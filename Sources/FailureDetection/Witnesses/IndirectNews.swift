public import CausalClock

/// News of a peer that arrived through another one.
public struct IndirectNews: Sendable, BitwiseCopyable, Hashable {
    /// Which host brought the news.
    public var witness: HostID
    /// When it arrived.
    public var arrived: Instant
    /// The latest event of the peer that it reported.
    public var dot: Dot

    /// Gathers news.
    public init(witness: HostID, arrived: Instant, dot: Dot) {
        self.witness = witness
        self.arrived = arrived
        self.dot = dot
    }
}

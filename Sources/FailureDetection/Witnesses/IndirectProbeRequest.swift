internal import CausalClock

/// What a peer asks about a host that it does not hear, and what we have learnt of that host for it.
struct IndirectProbeRequest: Sendable, BitwiseCopyable {
    /// The most questions of one peer that are remembered.
    static let capacity = 8

    /// The index of the peer that asks.
    var asker: Int
    var subject: HostID
    var isOnBehalf: Bool
    /// The latest event of the asker that the subject's own clock included.
    var known: UInt64 = 0
    /// The latest event of the asker that the subject said it got directly.
    var got: UInt64 = 0
}

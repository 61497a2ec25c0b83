internal import CausalClock

/// Up to which of its events an observer's whole list of opinions is known.
struct ReceivedOpinions: Sendable, BitwiseCopyable {
    /// The observer's event at which it suspected those of the list, and no others.
    var dot: Dot
    /// When that was learnt.
    var arrived: Instant
}

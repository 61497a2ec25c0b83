internal import CausalClock

/// What a message carried of its sender's opinions, in full.
struct ReceivedOpinions: Sendable, BitwiseCopyable {
    /// The sending.
    var dot: Dot
    var arrived: Instant
}

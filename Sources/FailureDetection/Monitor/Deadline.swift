/// An instant at which a failure detector wants to be woken, and what for.
public struct Deadline: Sendable, BitwiseCopyable, Hashable {
    /// What falls due.
    public enum Reason: String, Sendable, BitwiseCopyable {
        /// A heartbeat, or a routine ping, is to be sent.
        case heartbeat = "heartbeat due"
        /// A peer becomes overdue.
        case overdue = "peer overdue"
        /// The wait for a pong ends.
        case ping = "ping unanswered"
        /// The settings of a peer are suited to its target.
        case target = "target review"
        /// The cause of a suspicion is checked again.
        case review = "review of a suspicion"
    }

    /// When.
    public var instant: Instant
    /// What for.
    public var reason: Reason
    /// The index of the peer that it concerns.
    public var peer: Int
}

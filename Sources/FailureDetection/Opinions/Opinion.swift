public import CausalClock

/// What one host says of another: that it suspects it, why, and by which of its events.
///
/// Opinions ride on heartbeats and pings: each carries the whole list of the hosts that its sender suspects at
/// that moment, so a list without a subject withdraws what was said of it before, and a lost datagram is made good
/// by the next.
public struct Opinion: Sendable, BitwiseCopyable, Hashable, Codable {
    /// Which host is suspected.
    public var subject: HostID
    /// The latest incarnation of the subject that the sender knows of; 0 when it knows of none.
    public var epoch: Epoch
    /// Why.
    public var verdict: Verdict
    /// Whether it is the sender's own timeout that ran out, and no opinion taken over from another.
    public var isOwnTimeout: Bool
    /// Whether the sender had heard of another's suspicion of the subject before its own.
    public var isAfterAnother: Bool
    /// The sender's event in which it began to suspect, in the incarnation in which it says so.
    public var counter: UInt64

    /// Gathers an opinion.
    public init(
        subject: HostID, epoch: Epoch, verdict: Verdict, isOwnTimeout: Bool, isAfterAnother: Bool,
        counter: UInt64
    ) {
        self.subject = subject
        self.epoch = epoch
        self.verdict = verdict
        self.isOwnTimeout = isOwnTimeout
        self.isAfterAnother = isAfterAnother
        self.counter = counter
    }
}

/// How much a message says of its sender's opinions.
public enum OpinionScope: Sendable, BitwiseCopyable, Codable {
    /// Nothing.
    case none
    /// Some of them: a host that is missing may be suspected all the same.
    case part
    /// All of them: a host that is missing is not suspected.
    case all
}

public import CausalClock

/// What one host says of another: that it suspects it, why, and by which of its events.
public struct Opinion: Sendable, BitwiseCopyable, Hashable, Codable {
    /// Which host is suspected.
    public var subject: HostID
    /// The latest incarnation of the subject that the sender knows of; 0 when it knows of none.
    public var epoch: Epoch
    /// Why.
    public var verdict: Verdict
    /// Whether the sender had heard of another's suspicion of the subject before its own.
    public var isAfterAnother: Bool
    /// The sender's event in which it began to suspect, in the incarnation in which it says so.
    public var counter: UInt64

    /// Gathers an opinion.
    public init(
        subject: HostID, epoch: Epoch, verdict: Verdict, isAfterAnother: Bool, counter: UInt64
    ) {
        self.subject = subject
        self.epoch = epoch
        self.verdict = verdict
        self.isAfterAnother = isAfterAnother
        self.counter = counter
    }
}

/// Which hosts one host suspects, as of one of its events.
///
/// It is a list, and not a change: what is missing is not suspected, so nothing has to be withdrawn, and the latest list
/// makes good for all that were lost.
public struct OpinionList: Sendable, Hashable, Codable {
    /// The observer's event at which it suspected these.
    public var dot: Dot
    /// Which hosts it suspected, ascending.
    public var items: [Opinion]
    /// Whether these are all: otherwise a host that is missing may be suspected all the same.
    public var isComplete: Bool

    /// Gathers a list.
    ///
    /// - Parameters:
    ///   - items: which hosts the observer suspects, ascending.
    ///   - dot: the observer's event at which it does.
    ///   - isComplete: whether these are all.
    public init(_ items: [Opinion], at dot: Dot, isComplete: Bool = true) {
        self.items = items
        self.dot = dot
        self.isComplete = isComplete
    }

    /// Whether it is such as `Monitor` takes: in ascending order, of no event to come, and not of the observer itself.
    public var isWellFormed: Bool {
        zip(items, items.dropFirst()).allSatisfy { $0.subject < $1.subject }
            && items.allSatisfy { $0.subject != dot.host && (1...max(dot.counter, 1)).contains($0.counter) }
    }
}

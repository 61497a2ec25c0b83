package import CausalClock
package import FailureDetection

/// One entry of a view: a neighbour that its author suspects, and why.
package struct SuspicionReport: Sendable, BitwiseCopyable, Hashable {
    /// The suspected neighbour: the keyed hash of its id (`RecordHash.of(host:)`).
    package var subject: UInt64
    /// The incarnation that is suspected; 0 when the author knows of none.
    package var epoch: Epoch
    /// The author's event in which the suspicion began, in the incarnation of the view: 1 to that of the view.
    package var counter: UInt64
    /// Why.
    package var verdict: Verdict
    /// Whether the author had heard of another's suspicion of the subject before its own.
    package var isAfterAnother: Bool

    /// Gathers an entry.
    package init(
        subject: UInt64, epoch: Epoch, counter: UInt64, verdict: Verdict, isAfterAnother: Bool = false
    ) {
        self.subject = subject
        self.epoch = epoch
        self.counter = counter
        self.verdict = verdict
        self.isAfterAnother = isAfterAnother
    }

    /// Whether both are the same suspicion, whatever was learnt of its cause meanwhile.
    func isSameSuspicion(as other: SuspicionReport) -> Bool {
        epoch == other.epoch && counter == other.counter
    }
}

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
    /// Whether it is the author's own timeout that ran out, and no opinion taken over from another.
    package var isOwnTimeout: Bool
    /// Whether the author had heard of another's suspicion of the subject before its own.
    package var isAfterAnother: Bool
    /// How long the subject had been silent when the suspicion began; whole milliseconds, 0 to 2^32 − 1.
    package var silenceMilliseconds: UInt32
    /// How many pings were not answered, 0 to 255; 255 stands for that many or more.
    package var unansweredPings: UInt8

    /// Gathers an entry.
    package init(
        subject: UInt64, epoch: Epoch, counter: UInt64, verdict: Verdict, isOwnTimeout: Bool = true,
        isAfterAnother: Bool = false, silenceMilliseconds: UInt32 = 0, unansweredPings: UInt8 = 0
    ) {
        self.subject = subject
        self.epoch = epoch
        self.counter = counter
        self.verdict = verdict
        self.isOwnTimeout = isOwnTimeout
        self.isAfterAnother = isAfterAnother
        self.silenceMilliseconds = silenceMilliseconds
        self.unansweredPings = unansweredPings
    }

    /// Whether both are the same suspicion, whatever was learnt of its cause meanwhile.
    func isSameSuspicion(as other: SuspicionReport) -> Bool {
        epoch == other.epoch && counter == other.counter
    }
}

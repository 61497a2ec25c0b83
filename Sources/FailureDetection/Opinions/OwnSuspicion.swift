internal import CausalClock

/// A suspicion of our own, as it is sent to others.
struct OwnSuspicion: Sendable, BitwiseCopyable {
    /// Our event in which it began.
    var counter: UInt64
    /// Whether we had heard of another's suspicion before.
    var isAfterAnother: Bool
    /// The incarnation whose silence it is, 0 for none: a later one begins without votes.
    var epoch: Epoch
    /// When it was noticed that there is a later one.
    private var succeeded: Instant?

    init(counter: UInt64, isAfterAnother: Bool, epoch: Epoch) {
        (self.counter, self.isAfterAnother, self.epoch) = (counter, isAfterAnother, epoch)
    }

    /// Extends the suspicion to the `latest` incarnation, once that has been known, and not heard, for `patience`.
    ///
    /// - Returns: whether it was extended now.
    mutating func extend(to latest: Epoch, after patience: TimeSpan, at now: Instant) -> Bool {
        guard epoch < latest else { return false }
        let since = succeeded ?? now
        succeeded = since
        guard now - since >= patience else { return false }
        (epoch, succeeded) = (latest, nil)
        return true
    }
}

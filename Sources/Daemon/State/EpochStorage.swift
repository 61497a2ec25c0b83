internal import CausalClock
internal import FailureDetection

/// How the epoch in use is kept on the disk.
struct EpochStorage: Sendable {
    /// Why it is not there; `nil` when it is.
    var failure: String?
    /// When to store it again.
    var nextTry = Instant.never
    /// The epoch after which a new one was asked for.
    var renewed: Epoch?
}

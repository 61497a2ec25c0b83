internal import CausalClock
internal import FailureDetection

/// What of the latest isolation is reported.
struct IsolationReport: Sendable {
    /// The peers behind it that are still to be reported.
    var waiting: [HostID] = []
    /// Which isolation was reported last, by when it began.
    var began: Instant?
    /// How many of its suspects were reported.
    var suspects = 0
    /// Whether no peer had ever been heard when it began.
    var hadHeardNone = false
}

internal import FailureDetection
internal import Services
internal import Wire

/// What the loop asks at the end of each turn.
///
/// As functions that may change the state, for these are called in place: a class that reads a property of a value which it
/// stores copies the whole value first, here with dozens of references.
extension NodeState {
    /// When the detector is to be woken, or records are to be sent; `never` where only a message can change anything.
    mutating func nextDetection() -> Instant { endpoint.nextWake }

    /// When an epoch is to be stored again, a name to be looked up, an address to be reviewed, or what a service does to be
    /// judged anew.
    mutating func nextChore() -> Instant {
        // A call that was taken after the datagrams of this turn went out is for a turn of its own.
        guard services.calls.isEmpty else { return now }
        return min(
            storingDeadline, addresses.deadline, services.book.nextDeadline, services.retryAt,
            services.nextSweep)
    }
}

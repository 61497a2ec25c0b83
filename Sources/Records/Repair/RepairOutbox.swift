package import CausalClock

/// The messages of repairs that are still to be sent, in order.
///
/// Invariant: at most `capacity` messages. What finds no space is not sent; it differs at the next repair, too.
package struct RepairOutbox: Sendable {
    /// The most messages.
    package static let capacity = 64

    private var messages: [(host: HostID, message: RepairMessage)] = []

    /// An outbox without messages.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { messages.isEmpty }

    /// Whether there is space for no more.
    var isFull: Bool { messages.count >= Self.capacity }

    /// Adds messages to a host, as many as find space.
    mutating func put(_ added: [RepairMessage], for host: HostID) {
        messages += added.prefix(Self.capacity - messages.count).map { (host, $0) }
    }

    /// Takes the next message, and to which host it goes.
    package mutating func next() -> (host: HostID, message: RepairMessage)? {
        messages.isEmpty ? nil : messages.removeFirst()
    }

    /// Forgets what was to be sent to hosts that are no neighbours any more.
    mutating func drop(where isGone: (HostID) -> Bool) { messages.removeAll { isGone($0.host) } }
}

internal import StatusAPI

/// What the live view knows.
struct WatchModel {
    /// How many events are kept for tall terminals.
    static let eventLimit = 200

    /// The daemon as it answered last; `nil` before the first answer.
    var status: StatusReport?
    /// The peers as they were then.
    var peers: [PeerReport] = []
    /// The latest events, oldest first.
    var events: [EventReport] = []
    /// Why nothing newer is known; `nil` while the daemon answers.
    var problem: String?

    /// Adds an event and forgets the oldest ones.
    mutating func append(_ event: EventReport) {
        events.append(event)
        events.removeFirst(max(0, events.count - Self.eventLimit))
    }
}

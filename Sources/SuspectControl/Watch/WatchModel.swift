internal import StatusAPI

/// What the live view knows.
struct WatchModel {
    /// How many events are kept for tall terminals.
    static let eventLimit = 200

    /// The daemon as it answered last; `nil` before the first answer.
    var status: StatusReport?
    /// The peers as they were then.
    var peers: [PeerReport] = []
    /// The services as they were then.
    var services: [ServiceReport] = []
    /// The latest events, oldest first.
    var events: [EventReport] = []
    /// Which peers are shown, and by whose threshold they are judged.
    var parameters = SubscribeParameters(snapshot: true)
    /// Those that are suspected by a threshold of the viewer's own, sorted.
    var suspectedByThreshold: [String] = []
    /// Why nothing newer is known; `nil` while the daemon answers.
    var problem: String?

    /// Adds an event and forgets the oldest ones.
    mutating func append(_ event: EventReport) {
        events.append(event)
        note(event)
        events.removeFirst(max(0, events.count - Self.eventLimit))
    }

    private mutating func note(_ event: EventReport) {
        guard event.isByOwnThreshold, let peer = event.peer else { return }
        suspectedByThreshold.removeAll { $0 == peer }
        guard event.event == .suspect else { return }
        suspectedByThreshold = (suspectedByThreshold + [peer]).sorted()
    }
}

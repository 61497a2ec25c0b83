internal import StatusAPI

/// The latest events, oldest first, at most a thousand.
struct EventHistory {
    static let capacity = 1_000

    private var ring: [EventReport] = []
    private var next = 0

    /// Adds an event; the oldest gives way.
    mutating func append(_ event: EventReport) {
        guard ring.count == Self.capacity else { return ring.append(event) }
        ring[next] = event
        next = (next + 1) % Self.capacity
    }

    /// All events, oldest first.
    var all: [EventReport] { Array(ring[next...] + ring[..<next]) }

    /// The last `count` events, or all.
    func last(_ count: Int?) -> [EventReport] { count.map { Array(all.suffix($0)) } ?? all }

    /// The events that concern one peer, and those of the whole daemon that concern it.
    func concerning(_ peer: String) -> [EventReport] {
        all.filter { $0.peer == peer && $0.service == nil || $0.isGeneral }
    }

    /// The events that concern one service.
    func concerning(_ service: String, of host: String) -> [EventReport] {
        all.filter { $0.service == service && $0.peer == host }
    }
}

extension EventReport {
    fileprivate var isGeneral: Bool {
        switch event {
        case .isolated, .rejoined, .stall: true
        default: false
        }
    }
}

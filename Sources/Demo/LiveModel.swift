internal import StatusAPI

/// What the live table knows beside the nodes themselves.
struct LiveModel {
    /// Events kept for tall terminals.
    private static let capacity = 200

    /// The position of the node that keys act on.
    var selected = 0
    /// What was observed, oldest first.
    ///
    /// Peers being pinged are left out: they show in the table, and pass immediately.
    private(set) var observations: [Observation] = []

    /// Takes news; whether there was any.
    mutating func take(_ news: [Observation]) -> Bool {
        guard !news.isEmpty else { return false }
        observations += news.filter { $0.event.event != .pending }
        observations.removeFirst(max(0, observations.count - Self.capacity))
        return true
    }
}

/// One node as it is drawn.
struct NodePicture {
    let id: String
    let process: Int32
    let condition: DemoNode.Condition
    let status: StatusReport?
    let peers: [PeerReport]
    /// Nanoseconds since the daemon last said anything; `nil` when it never has.
    let silence: Int64?
    /// The last line of the log, of a daemon that ended on its own.
    let lastWords: String?

    /// Takes a node as it is.
    init(_ node: DemoNode, now: Int64) {
        id = node.id
        process = node.process
        condition = node.condition
        status = node.feed.status
        peers = node.feed.peers
        silence = node.feed.lastAnswer.map { now - $0 }
        lastWords = node.isAlive || node.isToEnd ? nil : node.log.last(1).first
    }

    /// Whether what is known is of the present.
    var isCurrent: Bool { condition == .running && silence.map { $0 < 1_000_000_000 } ?? false }
}

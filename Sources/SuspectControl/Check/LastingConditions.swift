internal import StatusAPI

/// Peers that are not suspected and need attention if it lasts: those that left, and those that do not hear this node.
struct LastingConditions {
    /// A clause for each kind that there is.
    private(set) var clauses: [String] = []
    /// Whether one of them has lasted for longer than its threshold allows.
    private(set) var isAlarming = false

    /// Judges the peers, in the order in which they are to be named.
    ///
    /// `outboundSince` says since when each peer is known not to hear this node, in wall-clock microseconds.
    init(
        _ peers: [PeerReport], _ thresholds: CheckThresholds, _ outboundSince: [String: Int], _ nowUSec: Int
    ) {
        let left = peers.filter { PeerCondition($0) == .left }
        let back = left.filter { $0.isBackInVain(nowUSec: nowUSec) }
        let away = left.filter { !$0.isBackInVain(nowUSec: nowUSec) }
        add(away.map { ($0, $0.sinceUSec) }, limit: thresholds.leftUSec, "left", nowUSec)
        isAlarming = isAlarming || !back.isEmpty
        let why = back.first.map { ", see 'suspectctl why \($0.id)'" } ?? ""
        clauses += CheckReport.clause(back, "left, and refused since").map { $0 + why }
        // Where the history no longer has the beginning, it has lasted for long.
        let deaf = peers.filter { PeerCondition($0) == .outbound }
            .map { ($0, $0.outboundSinceUSec ?? outboundSince[$0.id] ?? $0.sinceUSec) }
        add(deaf, limit: thresholds.outboundUSec, "not hearing this node", nowUSec)
    }

    private mutating func add(
        _ peers: [(PeerReport, since: Int)], limit: Int?, _ what: String, _ nowUSec: Int
    ) {
        guard let limit else {
            clauses += CheckReport.clause(peers.map(\.0), what)
            return
        }
        let isOver = { (since: Int) in nowUSec.minus(since) >= limit }
        let over = peers.filter { isOver($0.since) }
        isAlarming = isAlarming || !over.isEmpty
        clauses += CheckReport.clause(over.map(\.0), "\(what) for \(HumanDuration.text(limit)) or longer")
        clauses += CheckReport.clause(peers.filter { !isOver($0.since) }.map(\.0), what)
    }
}

extension PeerReport {
    /// Whether it left and its datagrams are refused now: it is back, with another key or identifier.
    ///
    /// A goodbye comes in copies, which are refused as well; so those of the first ten seconds do not count.
    func isBackInVain(nowUSec: Int) -> Bool {
        guard state == .left, let refused else { return false }
        return refused.lastUSec.minus(sinceUSec) > 10_000_000 && nowUSec.minus(refused.lastUSec) < 60_000_000
    }
}

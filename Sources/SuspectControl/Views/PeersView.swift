internal import Metrics
internal import StatusAPI

/// The table of all peers.
struct PeersView {
    /// The peers in the order in which they are shown.
    let peers: [PeerReport]
    /// The present moment, in wall-clock microseconds.
    let nowUSec: Int
    /// Whether a bar shows how much of the time until the deadline is left.
    var showsDeadline = false

    /// The table's lines; none without peers.
    func lines(_ style: Style) -> [String] {
        var table = Table(
            columns: [
                ("PEER", .left), ("ADDRESS", .left), ("STATE", .left), ("CAUSE", .left), ("FOR", .right),
                ("HEARD", .right), ("RTT", .right), ("LOSS IN", .right), ("LOSS OUT", .right),
                ("BOUND", .right), ("SUSPICIONS", .right), ("WRONG", .right),
            ] + (showsDeadline ? [("DEADLINE", .left)] : []))
        for peer in peers {
            let bar = showsDeadline ? [DeadlineBar(peer: peer, nowUSec: nowUSec).cell] : []
            table.append(cells(peer) + bar)
        }
        return table.lines(style)
    }

    private func cells(_ peer: PeerReport) -> [Table.Cell] {
        let state = peer.state.word + (peer.confirmed ? ", confirmed" : "")
        let heard = peer.lastHeardUSec.map { HumanDuration.text(from: $0, to: nowUSec) + " ago" }
        return [
            Table.Cell(peer.id), Table.Cell(peer.address), Table.Cell(state, ink: peer.state.ink),
            Table.Cell(peer.causeText), Table.Cell(HumanDuration.text(from: peer.sinceUSec, to: nowUSec)),
            Table.Cell(heard ?? "never"), Table.Cell(peer.rttUSec.map(HumanDuration.text) ?? "-"),
            Table.Cell(FixedDigits.percent(perMille: peer.lossInPerMille)),
            Table.Cell(FixedDigits.percent(perMille: peer.lossOutPerMille)),
            Table.Cell(bound(peer)),
            Table.Cell("\(peer.suspicions)"), Table.Cell("\(peer.mistakes)"),
        ]
    }

    /// The bound, and how much of it is for losses.
    private func bound(_ peer: PeerReport) -> String {
        guard let bound = peer.detectionTimeBoundUSec else { return "-" }
        let cost = peer.lossDelayUSec.map { ", \(HumanDuration.text($0)) for losses" } ?? ""
        return HumanDuration.text(bound) + cost
    }
}

extension PeerReport {
    /// What losses cost, to follow them; empty where they cost nothing.
    var lossCost: String {
        lossDelayUSec.map { ": a crash may be suspected up to \(HumanDuration.text($0)) later" } ?? ""
    }
}

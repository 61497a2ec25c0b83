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
    /// How many columns of characters there are; any number where it is absent.
    var width: Int?

    /// The table's lines; none without peers.
    func lines(_ style: Style) -> [String] { fitted(style).lines }

    /// The table as far as the width allows, and the columns that had to give way, in their usual order.
    func fitted(_ style: Style) -> (lines: [String], hidden: [PeersColumn]) {
        var columns = PeersColumn.allCases.filter { showsDeadline || $0 != .deadline }
        var table = table(of: columns)
        if let width {
            for column in PeersColumn.expendable where table.width > width {
                columns.removeAll { $0 == column }
                table = self.table(of: columns)
            }
            if table.width > width { table.shorten(column: 0, to: width, atLeast: Self.shortestName) }
        }
        let hidden = PeersColumn.allCases.filter {
            !columns.contains($0) && (showsDeadline || $0 != .deadline)
        }
        return (table.lines(style), hidden)
    }

    /// As little of a peer's id is shown before other columns are cut off.
    private static let shortestName = 12

    private func table(of columns: [PeersColumn]) -> Table {
        var table = Table(columns: columns.map { ($0.title, $0.alignment) })
        for peer in peers { table.append(columns.map { cell($0, of: peer) }) }
        return table
    }

    private func cell(_ column: PeersColumn, of peer: PeerReport) -> Table.Cell {
        switch column {
        case .peer: Table.Cell(peer.id)
        case .address: Table.Cell(peer.address)
        case .state: Table.Cell(peer.confirmed ? "confirmed" : peer.state.word, ink: peer.state.ink)
        case .cause: Table.Cell(peer.causeText)
        case .duration: Table.Cell(HumanDuration.text(from: peer.shownSinceUSec, to: nowUSec))
        case .heard: Table.Cell(heard(peer))
        case .roundTrip: Table.Cell(peer.rttUSec.map(HumanDuration.text) ?? "-")
        case .lossIn: Table.Cell(FixedDigits.percent(perMille: peer.lossInPerMille))
        case .lossOut: Table.Cell(FixedDigits.percent(perMille: peer.lossOutPerMille))
        case .bound: Table.Cell(bound(peer))
        case .suspicions: Table.Cell("\(peer.suspicions)")
        case .wrong: Table.Cell("\(peer.mistakes)")
        case .deadline: DeadlineBar(peer: peer, nowUSec: nowUSec).cell
        }
    }

    private func heard(_ peer: PeerReport) -> String {
        peer.lastHeardUSec.map { HumanDuration.text(from: $0, to: nowUSec) + " ago" } ?? "never"
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

internal import StatusAPI

/// How much of the time until a peer is overdue is left, as a bar.
struct DeadlineBar {
    private static let width = 10

    let peer: PeerReport
    let nowUSec: Int

    /// The share of the bar that is filled, rounded up.
    private static func cells(_ left: Int, of whole: Int) -> Int {
        guard left > 0 else { return 0 }
        return min(width, Int((Double(left) / Double(whole) * Double(width)).rounded(.up)))
    }

    /// A full bar is the longest wait: interval and margin; an empty one is a peer that is overdue.
    var cell: Table.Cell {
        guard let deadline = peer.deadlineUSec else { return Table.Cell("") }
        let whole = max(1, peer.heartbeatIntervalUSec.plus(peer.marginUSec ?? 0))
        let left = min(max(deadline.minus(nowUSec), 0), whole)
        let filled = Self.cells(left, of: whole)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        return Table.Cell(bar, ink: left > 0 ? .green : .red)
    }
}

internal import StatusAPI

/// How much of the time until a peer is overdue is left, as a bar.
struct DeadlineBar {
    private static let width = 10

    let peer: PeerReport
    let nowUSec: Int

    /// A full bar is the longest wait: interval and margin; an empty one is a peer that is overdue.
    var cell: Table.Cell {
        guard let deadline = peer.deadlineUSec else { return Table.Cell("") }
        let whole = max(1, peer.heartbeatIntervalUSec + (peer.marginUSec ?? 0))
        let left = min(max(deadline - nowUSec, 0), whole)
        let filled = (left * Self.width + whole - 1) / whole
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        return Table.Cell(bar, ink: left > 0 ? .green : .red)
    }
}

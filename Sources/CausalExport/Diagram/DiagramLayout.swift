internal import CausalClock

/// Where everything in a space-time diagram stands: hosts side by side, time downwards.
///
/// Rows follow the history's order. Events share a row as long as none of them is a cause of another and each is at a
/// host of its own: so every arrow points down, and a diagram is no longer than it has to be. Where nothing happens
/// for long, the rows stand further apart and the gap is marked, for silence is what a failure detector is about.
struct DiagramLayout {
    /// Pixels.
    static let columnWidth = 200
    static let leftMargin = 170
    static let top = 160
    static let rowHeight = 15
    static let gapHeight = 24

    /// One host: a column with one line for each of its incarnations.
    struct Column {
        var host: String
        /// Positions in the history's processes.
        var incarnations: [Int]
    }

    /// A long time without events.
    struct Gap {
        /// Its middle.
        var y: Int
        var microseconds: Int64
    }

    let columns: [Column]
    /// For each event its row.
    let rows: [Int]
    /// For each row its middle.
    private(set) var heights: [Int] = []
    /// For each row the earliest wall clock in it; `nil` when the logs do not say.
    let times: [Int64?]
    private(set) var gaps: [Gap] = []
    private let columnOfProcess: [Int]
    private let processes: [Int]
    /// For each event of the history its position in the history's order, and the same of the events shown.
    private let ranks: [Int]
    private let shownRanks: [Int]

    init(_ projection: CausalProjection) {
        let history = projection.history
        (columns, columnOfProcess) = Self.columns(of: projection)
        processes = projection.events.map { history.events[$0].process }
        var ranks = Array(repeating: 0, count: history.events.count)
        for (rank, event) in history.order.enumerated() { ranks[event] = rank }
        self.ranks = ranks
        shownRanks = projection.events.map { ranks[$0] }
        rows = Self.rows(of: projection, columnOfProcess)
        var times = [Int64?](repeating: nil, count: (rows.max() ?? -1) + 1)
        for (position, row) in rows.enumerated() {
            guard history.events[projection.events[position]].entry.timeUSec != nil else { continue }
            let time = history.events[projection.events[position]].orderedTimeUSec
            times[row] = min(times[row] ?? time, time)
        }
        self.times = times
        placeRows()
    }

    var width: Int { Self.leftMargin + max(2, columns.count) * Self.columnWidth + 40 }
    var bottom: Int { (heights.last ?? Self.top) + 30 }

    /// The middle of a column.
    func x(column: Int) -> Int { Self.leftMargin + column * Self.columnWidth + 40 }
    /// The column of an event.
    func column(_ position: Int) -> Int { columnOfProcess[processes[position]] }
    /// Where an event stands.
    func x(_ position: Int) -> Int { x(column: column(position)) }
    /// Where an event stands.
    func y(_ position: Int) -> Int { heights[rows[position]] }

    /// Where the first event shown stands that does not come before an event of the history; `nil` for none.
    func y(notBefore event: Int) -> Int? { shownRanks.firstIndex { $0 >= ranks[event] }.map(y) }
    /// Where the last event shown stands that does not come after an event of the history; `nil` for none.
    func y(notAfter event: Int) -> Int? { shownRanks.lastIndex { $0 <= ranks[event] }.map(y) }
    /// The column of a process that has events here.
    func column(ofProcess process: Int) -> Int { columnOfProcess[process] }

    private static func columns(of projection: CausalProjection) -> ([Column], [Int]) {
        let history = projection.history
        var columns: [Column] = []
        var places = Array(repeating: 0, count: history.processes.count)
        for process in projection.processes {
            let name = history.processes[process]
            // Processes are in order of host, then incarnation.
            if let last = columns.last, name.epoch != nil, last.host == name.host {
                columns[columns.count - 1].incarnations.append(process)
            } else {
                columns.append(Column(host: name.host, incarnations: [process]))
            }
            places[process] = columns.count - 1
        }
        return (columns, places)
    }

    private static func rows(of projection: CausalProjection, _ columnOfProcess: [Int]) -> [Int] {
        let history = projection.history
        let times = projection.events.map { history.events[$0].orderedTimeUSec }
        let limit = longTime(from: times.min() ?? 0, to: times.max() ?? 0, steps: times.count)
        var rows: [Int] = []
        var start = 0
        for (position, event) in projection.events.enumerated() {
            let column = columnOfProcess[history.events[event].process]
            let isSoon = times[position] - times[start] < limit
            let isFree =
                isSoon
                && (start..<position).allSatisfy { earlier in
                    columnOfProcess[history.events[projection.events[earlier]].process] != column
                        && !history.precedesOrIs(projection.events[earlier], event)
                }
            if !isFree { start = position }
            rows.append((rows.last ?? -1) + (isFree && position > 0 ? 0 : 1))
        }
        return rows
    }

    /// A row is far from the one above when the time between them is long for this diagram.
    private mutating func placeRows() {
        let known = times.compactMap { $0 }
        let threshold = Self.longTime(from: known.min() ?? 0, to: known.max() ?? 0, steps: times.count)
        var y = Self.top
        for row in times.indices {
            if row > 0, let before = times[row - 1], let time = times[row], time - before >= threshold {
                gaps.append(Gap(y: y + (Self.rowHeight + Self.gapHeight) / 2, microseconds: time - before))
                y += Self.gapHeight
            }
            y += Self.rowHeight
            heights.append(y)
        }
    }

    /// What is long in a diagram: four times what passes from one step to the next on average, and 20 ms at least.
    private static func longTime(from first: Int64, to last: Int64, steps: Int) -> Int64 {
        max(20_000, (last - first) / Int64(max(1, steps)) * 4)
    }
}

/// Collects entries of any number of logs, in any order, until a `LogHistory` is made of them.
public struct LogHistoryBuilder: Sendable {
    /// An entry with its processes as positions in `names`.
    private struct Draft {
        var entry: CausalLogEntry
        var process: Int
        var place: LogPlace
        var clock: Int
        var sender: Int?
        var former: Int?
    }

    private var names: [ProcessName] = []
    /// Positions in `names`, ascending by text.
    private var sorted: [Int] = []
    private var drafts: [Draft] = []
    private var clocks = ClockTable()
    private var lastUsed = 0

    /// A builder without entries.
    public init() {}

    /// The number of entries so far.
    public var count: Int { drafts.count }

    /// Adds an entry.
    public mutating func add(_ entry: CausalLogEntry, at place: LogPlace) {
        let process = intern(entry.event.process)
        let cells = entry.clock.map { ClockCell(intern($0.process), $0.counter) }
        clocks.append(cells.sorted { $0.process < $1.process })
        let sender = entry.from.map { intern($0.process) }
        let former = entry.after.map { intern($0.process) }
        var draft = Draft(
            entry: entry, process: process, place: place, clock: clocks.count - 1, sender: sender,
            former: former)
        draft.entry.clock = []
        drafts.append(draft)
    }

    /// The position of a name; clocks list names in order, so the next is usually the one after the last.
    private mutating func intern(_ name: ProcessName) -> Int {
        if lastUsed + 1 < names.count, names[lastUsed + 1] == name {
            lastUsed += 1
            return lastUsed
        }
        if lastUsed < names.count, names[lastUsed] == name { return lastUsed }
        let rank = sorted.partitioningIndex { names[$0].text >= name.text }
        if rank == sorted.count || names[sorted[rank]] != name {
            names.append(name)
            sorted.insert(names.count - 1, at: rank)
        }
        lastUsed = sorted[rank]
        return lastUsed
    }

    /// Everything that a history is made of: the processes in order, and for each event its entry and clock.
    func assembled() -> (
        processes: [ProcessName], events: [HistoryEvent], clocks: ClockTable, copies: [(Int, Int)]
    ) {
        let order = names.indices.sorted { names[$0] < names[$1] }
        var rank = Array(repeating: 0, count: names.count)
        for (place, name) in order.enumerated() { rank[name] = place }
        let sorted = drafts.indices.sorted { left, right in
            let (a, b) = (drafts[left], drafts[right])
            return (rank[a.process], a.entry.event.counter, left) < (
                rank[b.process], b.entry.event.counter, right
            )
        }
        var events: [HistoryEvent] = []
        var table = ClockTable()
        var copies: [(Int, Int)] = []
        for index in sorted {
            let cells = clocks[drafts[index].clock].map { ClockCell(rank[Int($0.process)], $0.counter) }
                .sorted { $0.process < $1.process }
            let event = event(of: drafts[index], rank: rank)
            if let last = events.last, last.process == event.process, last.counter == event.counter {
                // Overlapping copies of a log are one log; two different events of one name are a contradiction.
                let isSame = last.entry == event.entry && Array(table[events.count - 1]) == cells
                if !isSame { copies.append((events.count - 1, index)) }
                continue
            }
            events.append(event)
            table.append(cells)
        }
        return (order.map { names[$0] }, events, table, copies)
    }

    /// The event of a draft, with processes by their rank.
    private func event(of draft: Draft, rank: [Int]) -> HistoryEvent {
        var event = HistoryEvent(entry: draft.entry, process: rank[draft.process], place: draft.place)
        if let sender = draft.sender, let from = draft.entry.from {
            event.sending = ClockCell(rank[sender], from.counter)
        }
        if let former = draft.former, let after = draft.entry.after {
            event.continued = ClockCell(rank[former], after.counter)
        }
        return event
    }

    /// Where an entry was read, by the order in which it was added.
    func place(_ draft: Int) -> LogPlace { drafts[draft].place }
}

/// Some events of a history as a history of their own, in which nothing is missing.
///
/// The events kept are numbered anew, 1, 2, 3, … in each process, and every clock counts, process by process, the
/// kept events that it had reached. Counting keeps order: of two kept events one happened before the other exactly if
/// it did in the whole history; and every event that a clock names is there. ShiViz refuses anything else.
public struct CausalProjection: Sendable {
    /// The history that it is a part of.
    public let history: LogHistory
    /// The positions in the history of the events kept, causes first.
    public let events: [Int]
    /// The processes that have events here, by their index in the history.
    public let processes: [Int]

    /// For each process of the history the numbers of the events kept, ascending.
    private var kept: [[UInt64]]
    private var clocks = ClockTable()

    /// Keeps some events.
    ///
    /// - Parameters:
    ///   - history: all there is.
    ///   - events: positions in it, each once, in its order.
    public init(of history: LogHistory, keeping events: [Int]) {
        self.history = history
        self.events = events
        kept = Array(repeating: [], count: history.processes.count)
        for index in events.sorted() {
            kept[history.events[index].process].append(history.events[index].counter)
        }
        let kept = kept
        processes = kept.indices.filter { !kept[$0].isEmpty }
        for index in events {
            clocks.append(
                history.vectors[index].compactMap { cell in
                    let count = Self.count(of: cell.counter, in: kept[Int(cell.process)])
                    return count > 0 ? ClockCell(Int(cell.process), count) : nil
                })
        }
    }

    /// How many of the kept events of a process had happened at its event `counter`.
    private static func count(of counter: UInt64, in kept: [UInt64]) -> UInt64 {
        UInt64(kept.partitioningIndex { $0 > counter })
    }

    /// The new number of the event at `position` in `events`.
    public func counter(_ position: Int) -> UInt64 {
        clocks.counter(position, of: history.events[events[position]].process)
    }

    /// The number of the latest kept event of `process` that could have influenced the event at `position`; 0 for none.
    public func known(_ position: Int, of process: Int) -> UInt64 { clocks.counter(position, of: process) }

    /// The event at `position` with its new number, clock and sending, as a log holds it.
    public func entry(_ position: Int) -> CausalLogEntry {
        let event = history.events[events[position]]
        var entry = event.entry
        entry.form = .full
        entry.event.counter = counter(position)
        entry.clock = clocks[position].filter { $0.process != event.process }.map {
            EventName(history.processes[Int($0.process)], $0.counter)
        }
        entry.from = entry.from.flatMap(renamed)
        return entry
    }

    /// The new name of an event; `nil` when it is not kept.
    private func renamed(_ name: EventName) -> EventName? {
        guard let process = history.process(name.process) else { return nil }
        let count = Self.count(of: name.counter, in: kept[process])
        guard count > 0, kept[process][Int(count) - 1] == name.counter else { return nil }
        return EventName(name.process, count)
    }
}

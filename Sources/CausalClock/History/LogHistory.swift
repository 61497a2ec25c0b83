/// What happened on any number of hosts, put together from their logs.
///
/// Logs may be rotated, filtered, partly missing, and of several incarnations of a host. What they hold is
/// enough to say of two events which came first, or that neither can have influenced the other, with no
/// synchronised clocks: each event's vector clock names the latest event of every process that could have
/// influenced it (Fidge, 1988; Mattern, 1989). Where a log holds only part of a clock, the rest is found
/// through the receives' `from` (Fowler and Zwaenepoel, 1990).
///
/// The incarnations of one host are processes that follow each other in the order of their epochs: all of an
/// earlier incarnation came before the first event of a later one. Only an incarnation that began with too
/// low an epoch, and was renewed, is a branch: it came before the incarnation that continues it, and what it
/// did is in no order with the incarnations whose epochs lie between the two. Events are known by their
/// position: ascending by process, and within a process by number.
public struct LogHistory: Sendable {
    /// Every process that the logs have or name, in ascending order.
    public let processes: [ProcessName]
    /// Every event, in ascending order of process and number.
    public private(set) var events: [HistoryEvent]
    /// The positions of the events in an order that never puts an effect before its cause, and otherwise follows the
    /// wall clocks.
    public private(set) var order: [Int] = []
    /// The events of each process.
    public let spans: [Range<Int>]
    /// The number of the latest event of each process that the logs have or name; 0 for none.
    public let latestKnown: [UInt64]
    /// For each process the earlier incarnations of its host, the earliest first.
    let earlierIncarnations: [[Int]]
    /// For each incarnation that was renewed, the incarnation that continues it.
    let continuations: [Int?]
    /// The clocks as logged, without the events' own entries.
    let logged: ClockTable
    /// The clocks as far as they can be known, the events' own entries included.
    private(set) var vectors = ClockTable()
    /// The events whose causes lead back to themselves.
    private(set) var circular: [Int] = []
    /// Events that the logs have twice, with different contents, and where the other one is.
    let contradictions: [(event: Int, other: LogPlace)]

    /// Puts a history together.
    public init(_ builder: LogHistoryBuilder) {
        let parts = builder.assembled()
        processes = parts.processes
        events = parts.events
        logged = parts.clocks
        contradictions = parts.copies.map { (event: $0.0, other: builder.place($0.1)) }
        spans = Self.spans(of: parts.events, processes: parts.processes.count)
        continuations = Self.continuations(in: parts.events, of: parts.processes)
        earlierIncarnations = Self.incarnations(of: parts.processes, continuations)
        latestKnown = Self.latest(in: parts.events, clocks: parts.clocks, processes: parts.processes)
        let ordering = LinearExtension(self)
        order = ordering.order
        circular = ordering.circular
        for index in events.indices { events[index].orderedTimeUSec = ordering.times[index] }
        let rebuilt = VectorReconstruction(self)
        vectors = rebuilt.vectors
        for index in events.indices { events[index].isExact = rebuilt.isExact[index] }
    }

    /// Puts the entries of one log together.
    public init(_ entries: [CausalLogEntry]) {
        var builder = LogHistoryBuilder()
        for (index, entry) in entries.enumerated() {
            builder.add(entry, at: LogPlace(log: 0, line: 2 * index + 1))
        }
        self.init(builder)
    }

    private static func spans(of events: [HistoryEvent], processes: Int) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var start = 0
        for process in 0..<processes {
            var end = start
            while end < events.count, events[end].process == process { end += 1 }
            spans.append(start..<end)
            start = end
        }
        return spans
    }

    /// The incarnations that later ones of the same host say they continue.
    private static func continuations(in events: [HistoryEvent], of processes: [ProcessName]) -> [Int?] {
        var result = [Int?](repeating: nil, count: processes.count)
        for event in events {
            guard let former = event.continued.map({ Int($0.process) }), former < event.process,
                isIncarnation(former, before: event.process, of: processes)
            else { continue }
            result[former] = min(event.process, result[former] ?? event.process)
        }
        return result
    }

    /// Whether two processes are incarnations of one host, the first with the lower epoch; they stand in ascending
    /// order.
    private static func isIncarnation(_ index: Int, before later: Int, of processes: [ProcessName]) -> Bool {
        index < later && processes[index].epoch != nil && processes[later].epoch != nil
            && processes[index].host == processes[later].host
    }

    private static func incarnations(of processes: [ProcessName], _ continuations: [Int?]) -> [[Int]] {
        processes.indices.map { index in
            // Ascending order puts the incarnations of a host together; a branch counts where what continues it does.
            var incarnations: [Int] = []
            var incarnation = index - 1
            while incarnation >= 0, isIncarnation(incarnation, before: index, of: processes) {
                let next = continuations[incarnation]
                if next == nil || next == index || incarnations.contains(next ?? index) {
                    incarnations.append(incarnation)
                }
                incarnation -= 1
            }
            return incarnations.reversed()
        }
    }

    private static func latest(
        in events: [HistoryEvent], clocks: ClockTable, processes: [ProcessName]
    ) -> [UInt64] {
        var latest = Array(repeating: UInt64(0), count: processes.count)
        for (index, event) in events.enumerated() {
            latest[event.process] = max(latest[event.process], event.counter)
            if let former = event.continued {
                latest[Int(former.process)] = max(latest[Int(former.process)], former.counter)
            }
            for cell in clocks[index] {
                latest[Int(cell.process)] = max(latest[Int(cell.process)], cell.counter)
            }
        }
        return latest
    }
}

extension LogHistory {
    /// The position of a process, or `nil` when no log has or names it.
    public func process(_ name: ProcessName) -> Int? {
        let index = processes.partitioningIndex { !($0 < name) }
        return index < processes.count && processes[index] == name ? index : nil
    }

    /// The position of an event, or `nil` when no log has it.
    public func event(_ name: EventName) -> Int? {
        guard let process = process(name.process), let index = floor(name.counter, at: process) else {
            return nil
        }
        return events[index].counter == name.counter ? index : nil
    }

    /// The incarnation of the same host that came next; `nil` where no log has or names one.
    func successor(of process: Int) -> Int? {
        if let next = continuations[process] { return next }
        return processes.indices.dropFirst(process + 1).prefix { supersedes($0, process) }
            .first { earlierIncarnations[$0].contains(process) }
    }

    /// Whether a process is an incarnation of the same host as another, with a higher epoch: in a clock it
    /// replaces the other.
    func supersedes(_ process: Int, _ other: Int) -> Bool {
        Self.isIncarnation(other, before: process, of: processes)
    }

    /// The position of the event that a cell of a clock names, or `nil` when no log has it.
    func event(_ cell: ClockCell) -> Int? {
        guard let index = floor(cell.counter, at: Int(cell.process)) else { return nil }
        return events[index].counter == cell.counter ? index : nil
    }

    /// The latest event at `process` whose number is `counter` at most.
    func floor(_ counter: UInt64, at process: Int) -> Int? {
        let span = spans[process]
        let index = events[span].partitioningIndex { $0.counter > counter }
        return index > span.lowerBound ? index - 1 : nil
    }

    /// The number of the latest event of `process` that could have influenced the event at `index`, or is it; 0 for none.
    public func known(_ index: Int, of process: Int) -> UInt64 { vectors.counter(index, of: process) }

    /// Whether the event at `left` could have influenced the one at `right`, or is the same.
    public func precedesOrIs(_ left: Int, _ right: Int) -> Bool {
        known(right, of: events[left].process) >= events[left].counter
    }
}

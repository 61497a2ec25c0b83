internal import CausalClock

/// An arrow between two events of a diagram.
struct DiagramArrow {
    var from: Int
    var to: Int
    /// Whether it is one message; else what lies between is not shown.
    var isMessage: Bool
}

/// Finds the arrows: messages whose sending is shown, and where it is not, what else of the events shown came directly
/// before.
struct DiagramArrows {
    private(set) var arrows: [DiagramArrow] = []

    private let projection: CausalProjection
    /// For each process the positions of its events, in order.
    private var positions: [[Int]]

    init(_ projection: CausalProjection) {
        self.projection = projection
        let history = projection.history
        positions = Array(repeating: [], count: history.processes.count)
        for (position, event) in projection.events.enumerated() {
            positions[history.events[event].process].append(position)
        }
        for position in projection.events.indices { find(position) }
    }

    private func process(_ position: Int) -> Int {
        projection.history.events[projection.events[position]].process
    }

    /// The position of the `counter`-th event shown of a process.
    private func position(_ process: Int, _ counter: UInt64) -> Int? {
        guard counter > 0, counter <= positions[process].count else { return nil }
        return positions[process][Int(counter) - 1]
    }

    private mutating func find(_ to: Int) {
        let entry = projection.entry(to)
        if let from = entry.from, let process = projection.history.process(from.process),
            let sending = position(process, from.counter)
        {
            arrows.append(DiagramArrow(from: sending, to: to, isMessage: true))
            return
        }
        for cause in directCauses(of: to) {
            arrows.append(DiagramArrow(from: cause, to: to, isMessage: entry.kind == nil))
        }
    }

    /// The events of other hosts that it learnt of, without those that one of them had learnt of already.
    private func directCauses(of to: Int) -> [Int] {
        let own = process(to)
        let previous = position(own, projection.counter(to) - 1)
        let host = projection.history.processes[own].host
        let advanced: [Int] = projection.processes.compactMap { other in
            let known = projection.known(to, of: other)
            let before = previous.map { projection.known($0, of: other) } ?? 0
            guard other != own, known > before else { return nil }
            return position(other, known)
        }
        let direct = advanced.filter { event in
            !advanced.contains {
                $0 != event && projection.known($0, of: process(event)) >= projection.counter(event)
            }
        }
        // What a host's earlier incarnation did stands above it in the same column.
        return direct.filter { projection.history.processes[process($0)].host != host }
    }
}

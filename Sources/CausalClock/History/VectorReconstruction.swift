/// Finds the vector clocks of a history, also where the logs hold only parts of them.
///
/// Causes come first, so each event's clock is the maximum of what its entry says, the clock of the event before it,
/// and for a receive the clock of its sending. It is exact when all that it is made of is there and exact.
struct VectorReconstruction {
    private(set) var vectors = ClockTable()
    private(set) var isExact: [Bool]

    private let history: LogHistory
    private let causes: Causes
    private let hasIncarnations: Bool
    private var found: [[ClockCell]]

    init(_ history: LogHistory) {
        self.history = history
        causes = Causes(history)
        hasIncarnations = history.earlierIncarnations.contains { !$0.isEmpty }
        isExact = Array(repeating: false, count: history.events.count)
        found = Array(repeating: [], count: history.events.count)
        for index in history.order { reconstruct(index) }
        for clock in found { vectors.append(clock) }
        found = []
    }

    private mutating func reconstruct(_ index: Int) {
        let event = history.events[index]
        let process = event.process
        var clock = Array(history.logged[index])
        if let previous = causes.previous(of: index) { clock.merge(found[previous]) }
        isExact[index] = exactness(of: index)
        if event.entry.form == .partial, let from = sending(of: index) { clock.merge(found[from]) }
        if !isExact[index] || hasIncarnations {
            // A host that knows an event knows what that one knew. Of an incarnation that is over a clock keeps
            // no entry, and of a lower bound it is not sure, so both are made up for.
            for cause in causes.direct(of: index) { clock.merge(found[cause]) }
        }
        addEarlierIncarnations(to: &clock)
        clock.removeAll { $0.process == process }
        clock.merge([ClockCell(process, event.counter)])
        found[index] = clock
    }

    private func exactness(of index: Int) -> Bool {
        let event = history.events[index]
        guard event.entry.form != .full else { return true }
        guard isPreviousExact(index) else { return false }
        guard event.entry.form == .partial, event.entry.from != nil else { return true }
        return sending(of: index).map { isExact[$0] } ?? false
    }

    private func isPreviousExact(_ index: Int) -> Bool {
        let counter = history.events[index].counter
        if counter == 1 { return true }
        guard let previous = causes.previous(of: index) else { return false }
        return history.events[previous].counter == counter - 1 && isExact[previous]
    }

    private func sending(of index: Int) -> Int? {
        history.events[index].sending.flatMap { history.event($0) }
    }

    /// An incarnation came after all that is known of the incarnations before it.
    private func addEarlierIncarnations(to clock: inout [ClockCell]) {
        var incarnations: [ClockCell] = []
        for cell in clock {
            for incarnation in history.earlierIncarnations[Int(cell.process)] {
                incarnations.append(ClockCell(incarnation, history.latestKnown[incarnation]))
            }
        }
        guard !incarnations.isEmpty else { return }
        clock.merge(incarnations.sorted { $0.process < $1.process })
    }
}

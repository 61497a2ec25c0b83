/// The events that an event directly followed from, as far as its logged clock and `from` show.
struct Causes {
    private let history: LogHistory

    init(_ history: LogHistory) { self.history = history }

    /// The event before it in its process, and for each entry of its clock that rose the event that it names.
    ///
    /// An event that the logs do not have is stood for by the latest one before it.
    func direct(of index: Int) -> [Int] {
        var causes: [Int] = []
        if let previous = previous(of: index) { causes.append(previous) }
        for cell in advanced(at: index) { causes += stand(for: cell) }
        if let sending = history.events[index].sending { causes += stand(for: sending) }
        if previous(of: index) == nil { causes += ends(ofEarlierIncarnations: history.events[index].process) }
        return causes
    }

    /// The event before it in its process, of those that the logs have.
    func previous(of index: Int) -> Int? {
        index > history.spans[history.events[index].process].lowerBound ? index - 1 : nil
    }

    /// What its logged clock names that the clock of the event before it did not.
    func advanced(at index: Int) -> [ClockCell] {
        guard let previous = previous(of: index) else { return Array(history.logged[index]) }
        return history.logged[index].filter {
            history.logged.counter(previous, of: Int($0.process)) < $0.counter
        }
    }

    private func stand(for cell: ClockCell) -> [Int] {
        let process = Int(cell.process)
        if let floor = history.floor(cell.counter, at: process) { return [floor] }
        return ends(ofEarlierIncarnations: process)
    }

    private func ends(ofEarlierIncarnations process: Int) -> [Int] {
        for incarnation in history.earlierIncarnations[process].reversed() {
            if let last = history.spans[incarnation].last { return [last] }
        }
        return []
    }
}

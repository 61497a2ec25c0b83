/// Which events first named which events of others.
struct Witnesses {
    /// For each process the events of others that named a later event of it than all before, in the history's order.
    private var namings: [[(counter: UInt64, event: Int)]]

    init(_ history: LogHistory) {
        namings = Array(repeating: [], count: history.processes.count)
        for index in history.order {
            for cell in history.logged[index] where cell.process != history.events[index].process {
                let process = Int(cell.process)
                guard cell.counter > namings[process].last?.counter ?? 0 else { continue }
                namings[process].append((cell.counter, index))
            }
        }
    }

    /// The first event of another process that names event `counter` of `process`, or a later one; `nil` for none.
    func first(naming counter: UInt64, of process: Int) -> Int? {
        let index = namings[process].partitioningIndex { $0.counter >= counter }
        return index < namings[process].count ? namings[process][index].event : nil
    }
}

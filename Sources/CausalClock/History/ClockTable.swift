/// One entry of a vector clock in a history: a process by its index, and the number of its latest known event.
struct ClockCell: Sendable, BitwiseCopyable, Hashable {
    var process: Int32
    var counter: UInt64

    init(_ process: Int, _ counter: UInt64) {
        self.process = Int32(truncatingIfNeeded: process)
        self.counter = counter
    }
}

/// The vector clocks of many events in one piece of memory, each ascending by process.
struct ClockTable: Sendable {
    private var starts: [Int] = [0]
    private var cells: [ClockCell] = []

    /// The number of clocks.
    var count: Int { starts.count - 1 }

    /// Appends a clock.
    ///
    /// - Parameter clock: ascending by process.
    mutating func append(_ clock: some Sequence<ClockCell>) {
        cells.append(contentsOf: clock)
        starts.append(cells.count)
    }

    /// The clock at `index`.
    subscript(index: Int) -> ArraySlice<ClockCell> { cells[starts[index]..<starts[index + 1]] }

    /// What the clock at `index` has for `process`; 0 for nothing.
    func counter(_ index: Int, of process: Int) -> UInt64 {
        let clock = self[index]
        let place = clock.partitioningIndex { $0.process >= process }
        return place < clock.endIndex && clock[place].process == process ? clock[place].counter : 0
    }
}

extension [ClockCell] {
    /// Takes over what is larger in `other`; both are ascending by process.
    mutating func merge(_ other: some Collection<ClockCell>) {
        var index = startIndex
        for cell in other {
            while index < endIndex, self[index].process < cell.process { index += 1 }
            if index < endIndex, self[index].process == cell.process {
                self[index].counter = Swift.max(self[index].counter, cell.counter)
            } else {
                insert(cell, at: index)
            }
        }
    }
}

/// The names of processes met so far, so that a log of a million lines makes each only once.
///
/// Clocks list their processes in much the same order line by line, so the next name is nearly always the one that
/// followed last time.
struct NameCache {
    /// A name, and the bytes it was made of.
    private struct Known {
        var bytes: [UInt8]
        var name: ProcessName
    }

    /// Ascending by bytes.
    private var known: [Known] = []
    private var expected = 0
    /// What is appended to each name: GoVector numbers processes anew in each execution.
    private var suffix = ""

    /// Begins another execution, in which the same names are other processes.
    mutating func beginExecution(_ number: Int) {
        known = []
        suffix = number > 1 ? "#\(number)" : ""
    }

    /// Begins a line: the next name is expected to be the first.
    mutating func startLine() { expected = 0 }

    /// The name that `bytes` are.
    mutating func name(_ bytes: ArraySlice<UInt8>) throws(CausalLogError.Problem) -> ProcessName {
        if expected < known.count, known[expected].bytes.elementsEqual(bytes) { return found(at: expected) }
        let index = known.partitioningIndex { !$0.bytes.lexicographicallyPrecedes(bytes) }
        if index < known.count, known[index].bytes.elementsEqual(bytes) { return found(at: index) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        known.insert(Known(bytes: Array(bytes), name: ProcessName(text + suffix)), at: index)
        return found(at: index)
    }

    private mutating func found(at index: Int) -> ProcessName {
        expected = index + 1
        return known[index].name
    }
}

internal import FailureDetection

/// Something that will happen in a simulated world.
struct Happening: Sendable, BitwiseCopyable {
    enum Kind: UInt8, Sendable {
        /// The datagram in slot `subject` arrives.
        case arrival
        /// The loop of host `subject` wakes.
        case turn
        /// Host `subject` takes the ICMP error with number `object` from its error queue.
        case unreachable
        /// Forgery `subject` sends its next error.
        case forgery
        /// Liar `subject` writes its next record.
        case lie
    }

    var at: Instant
    var kind: Kind
    var subject: Int32
    var object: Int32 = 0
    /// Breaks ties by order of scheduling; set by the queue.
    var order: UInt64 = 0

    init(at: Instant, _ kind: Kind, _ subject: Int, object: Int = 0) {
        self.at = at
        self.kind = kind
        self.subject = Int32(subject)
        self.object = Int32(object)
    }

    func precedes(_ other: Happening) -> Bool { at == other.at ? order < other.order : at < other.at }
}

/// What will happen, soonest first: a binary heap.
///
/// Equal instants come out in the order in which they were put in.
struct HappeningQueue: Sendable {
    private var heap: [Happening] = []
    private var scheduled: UInt64 = 0

    /// When the next thing happens.
    var next: Instant { heap.first?.at ?? .never }

    mutating func push(_ happening: Happening) {
        var added = happening
        added.order = scheduled
        scheduled += 1
        heap.append(added)
        var index = heap.count - 1
        while index > 0, added.precedes(heap[(index - 1) / 2]) {
            heap[index] = heap[(index - 1) / 2]
            index = (index - 1) / 2
        }
        heap[index] = added
    }

    mutating func pop() -> Happening? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        var index = 0
        while 2 * index + 1 < heap.count {
            var child = 2 * index + 1
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(last) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = last
        return first
    }
}

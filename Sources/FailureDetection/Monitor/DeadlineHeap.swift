/// The next deadline of each of many peers, ordered: a binary heap whose keys can be changed.
///
/// The soonest is read in constant time and a change costs the logarithm of the number of peers, so a thousand peers
/// cost a datagram no more than ten do. Equal deadlines come out in no promised, but always the same, order.
struct DeadlineHeap: Sendable {
    private var keys: [Instant]
    /// What falls due first for each member.
    private(set) var reasons: [Deadline.Reason]
    private var heap: [Int]
    private var place: [Int]

    /// Makes a heap of `count` members, 0 to `count − 1`, none of which has a deadline.
    init(count: Int) {
        keys = Array(repeating: .never, count: count)
        reasons = Array(repeating: .overdue, count: count)
        heap = Array(0..<count)
        place = Array(0..<count)
    }

    /// The member whose deadline comes first, and that deadline; `nil` when there are no members.
    var soonest: (member: Int, deadline: Instant)? {
        guard let member = heap.first else { return nil }
        return (member, keys[member])
    }

    /// Sets the deadline of one member, and what falls due then.
    mutating func set(_ deadline: (instant: Instant, reason: Deadline.Reason), of member: Int) {
        reasons[member] = deadline.reason
        set(deadline.instant, of: member)
    }

    /// Sets the deadline of one member.
    mutating func set(_ deadline: Instant, of member: Int) {
        let earlier = deadline < keys[member]
        guard earlier || keys[member] < deadline else { return }
        keys[member] = deadline
        if earlier { siftUp(place[member]) } else { siftDown(place[member]) }
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard keys[heap[index]] < keys[heap[parent]] else { return }
            exchange(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2) where child < heap.count {
                if keys[heap[child]] < keys[heap[least]] { least = child }
            }
            guard least != index else { return }
            exchange(index, least)
            index = least
        }
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        place[heap[left]] = left
        place[heap[right]] = right
    }
}

/// The messages that one connection has not taken yet, in order.
///
/// Messages are shared, not copied: an event waiting for a hundred slow subscribers is in memory once.
struct VarlinkOutput: Sendable {
    private struct Entry: Sendable {
        let message: VarlinkMessage
        let isPushed: Bool
    }

    private var entries: [Entry] = []
    /// The first entry that was not taken whole.
    private var head = 0
    /// How much of that entry was taken.
    private var offset = 0
    /// How many bytes wait.
    private(set) var count = 0
    /// How many of them were pushed, not asked for by a call.
    private(set) var pushedCount = 0

    /// What to send next; empty when nothing waits.
    var next: ArraySlice<UInt8> {
        head < entries.count ? entries[head].message.bytes[offset...] : []
    }

    /// The message at the end.
    var last: VarlinkMessage? { entries.last?.message }

    /// Adds a message at the end.
    mutating func append(_ message: VarlinkMessage, isPushed: Bool) {
        entries.append(Entry(message: message, isPushed: isPushed))
        count += message.bytes.count
        if isPushed { pushedCount += message.bytes.count }
    }

    /// Forgets bytes that were sent; at most as many as `next` held.
    mutating func consume(_ sent: Int) {
        precondition(sent <= next.count, "more was sent than was there: \(sent) of \(next.count) bytes")
        offset += sent
        count -= sent
        guard head < entries.count, offset == entries[head].message.bytes.count else { return }
        if entries[head].isPushed { pushedCount -= offset }
        offset = 0
        head += 1
        compact()
    }

    private mutating func compact() {
        guard head >= entries.count - head else { return }
        entries.removeFirst(head)
        head = 0
    }
}

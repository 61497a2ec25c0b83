/// Cuts a stream of bytes into messages, each ended by a NUL.
///
/// A byte is examined once: where the search for a terminator stopped is remembered, and taken messages are
/// removed from the buffer only when they make up half of it. A client that sends one byte at a time costs no
/// more than one that sends all simultaneously.
package struct VarlinkFramer: Sendable {
    /// The longest message, in bytes without its terminator.
    package let limit: Int

    private var buffer: [UInt8] = []
    /// Where the first message that was not taken begins.
    private var head = 0
    /// Everything from `head` to here holds no terminator.
    private var scanned = 0
    /// Where the first message ends, once that is known.
    private var terminator: Int?

    /// Starts empty.
    package init(limit: Int) {
        self.limit = limit
    }

    /// How many bytes wait.
    package var count: Int { buffer.count - head }

    /// Whether a whole message waits.
    package var hasMessage: Bool { terminator != nil }

    /// Adds bytes as they came.
    package mutating func append(_ bytes: some Collection<UInt8>) throws(VarlinkDisconnect) {
        buffer.append(contentsOf: bytes)
        if terminator == nil { try findTerminator() }
    }

    /// Takes the first whole message, without its terminator.
    package mutating func next() throws(VarlinkDisconnect) -> [UInt8]? {
        guard let end = terminator else { return nil }
        let message = Array(buffer[head..<end])
        head = end + 1
        scanned = head
        compact()
        try findTerminator()
        return message
    }

    private mutating func findTerminator() throws(VarlinkDisconnect) {
        terminator = buffer[scanned...].firstIndex(of: 0)
        scanned = terminator ?? buffer.count
        guard scanned - head <= limit else { throw .callTooLong(limit: limit) }
    }

    private mutating func compact() {
        guard head >= buffer.count - head else { return }
        buffer.removeFirst(head)
        head = 0
        scanned = 0
    }
}

internal import CLinux

/// What is known of a received datagram besides its bytes.
package struct DatagramHeader: Hashable, Sendable, BitwiseCopyable {
    /// The sender, as far as UDP shows.
    package let source: SocketAddress
    /// The address of this host that it was sent to, without port and scope; nil when that is not known.
    package let local: SocketAddress?
    /// When it arrived, in nanoseconds of `Clocks.boottime()`; never after the turn's `now`.
    package let arrival: Int64
    /// Whether it was longer than a slot, so that its end is missing.
    package let isTruncated: Bool
}

/// Preallocated buffers for the datagrams of one `UDPSocket.receive`.
package struct ReceiveBatch: ~Copyable {
    let receiver: OpaquePointer
    /// How many datagrams fit.
    package let capacity: Int
    /// How many datagrams the last `receive` brought.
    package internal(set) var count = 0
    /// Whether the last `receive` left the socket empty: only then may silence be judged.
    package internal(set) var socketIsEmpty = false

    private var headers: UnsafeMutablePointer<DatagramHeader>

    /// Allocates the buffers, once.
    /// - Parameters:
    ///   - capacity: datagrams a call, at least 1.
    ///   - size: bytes a datagram; longer ones are cut off and marked.
    /// - Throws: `SystemCallError` with ENOMEM.
    package init(capacity: Int = 64, size: Int = 2048) throws(SystemCallError) {
        precondition(capacity > 0 && size > 0, "a batch of \(capacity) × \(size) bytes")
        guard let receiver = clinux_receiver_create(UInt32(capacity), size) else {
            throw SystemCallError("calloc", on: "receive buffers", errno: .noMemory)
        }
        self.receiver = receiver
        self.capacity = capacity
        headers = .allocate(capacity: capacity)
    }

    deinit {
        clinux_receiver_destroy(receiver)
        headers.deallocate()
    }

    /// Calls `body` with each datagram in the order of arrival; the bytes are not copied and are gone
    /// with the next `receive`.
    package func forEach<Failure: Error>(
        _ body: (RawSpan, DatagramHeader) throws(Failure) -> Void
    ) throws(Failure) {
        guard let datagrams = clinux_receiver_datagrams(receiver) else { return }
        for index in 0..<count {
            let bytes = UnsafeRawBufferPointer(start: datagrams[index].bytes, count: datagrams[index].length)
            try body(bytes.bytes, headers[index])
        }
    }

    /// Fills in the header of a slot.
    mutating func setHeader(_ header: DatagramHeader, at index: Int) {
        headers[index] = header
    }
}

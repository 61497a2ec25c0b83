internal import CLinux

/// A datagram that could not be handed to the kernel.
package struct SendFailure: Hashable, Sendable, BitwiseCopyable {
    /// Where it should have gone.
    package let destination: SocketAddress
    /// Why it did not.
    package let errno: Errno
    /// The number that its caller gave the datagram.
    package let tag: Int

    /// Describes a failure.
    package init(destination: SocketAddress, errno: Errno, tag: Int = 0) {
        self.destination = destination
        self.errno = errno
        self.tag = tag
    }
}

/// Preallocated buffers for the datagrams of one `UDPSocket.flush`.
package struct SendBatch: ~Copyable {
    /// One more than the largest errno of Linux.
    private static let errnoLimit = 134

    let sender: OpaquePointer
    /// How many datagrams fit.
    package let capacity: Int

    private let failureBuffer: UnsafeMutablePointer<SendFailure>
    private let totals: UnsafeMutablePointer<UInt64>
    /// How many datagrams of the last `flush` failed.
    package private(set) var failureCount = 0

    /// Allocates the buffers, once.
    /// - Parameters:
    ///   - capacity: datagrams a flush, at least 1.
    ///   - arenaSize: bytes of all of them together.
    /// - Throws: `SystemCallError` with ENOMEM.
    package init(capacity: Int = 64, arenaSize: Int = 128 << 10) throws(SystemCallError) {
        precondition(capacity > 0 && arenaSize > 0, "a batch of \(capacity) in \(arenaSize) bytes")
        guard let sender = clinux_sender_create(UInt32(capacity), arenaSize) else {
            throw SystemCallError("calloc", on: "send buffers", errno: .noMemory)
        }
        self.sender = sender
        self.capacity = capacity
        failureBuffer = .allocate(capacity: capacity)
        totals = .allocate(capacity: Self.errnoLimit)
        totals.initialize(repeating: 0, count: Self.errnoLimit)
    }

    deinit {
        clinux_sender_destroy(sender)
        failureBuffer.deallocate()
        totals.deallocate()
    }

    /// How many datagrams wait to be sent.
    package var count: Int { Int(clinux_sender_count(sender)) }

    /// Copies a datagram into the batch; false when it is full and has to be flushed first.
    ///
    /// - Parameters:
    ///   - bytes: the datagram.
    ///   - destination: where it goes.
    ///   - source: the address of this host that it leaves from; nil leaves that to the kernel.
    ///   - tag: a number by which the caller knows it again, should it fail; 0 to 2³² − 1.
    /// - Returns: whether there was space.
    package mutating func append(
        _ bytes: RawSpan, to destination: SocketAddress, from source: SocketAddress? = nil, tag: Int = 0
    ) -> Bool {
        bytes.withUnsafeBytes { append($0, to: destination, from: source, tag: tag) }
    }

    private mutating func append(
        _ bytes: UnsafeRawBufferPointer, to destination: SocketAddress, from source: SocketAddress?, tag: Int
    ) -> Bool {
        var address = destination.forC
        let tag = UInt32(clamping: tag)
        guard var local = source?.forC else {
            return clinux_sender_append(sender, bytes.baseAddress, bytes.count, &address, nil, tag)
        }
        return clinux_sender_append(sender, bytes.baseAddress, bytes.count, &address, &local, tag)
    }

    /// Calls `body` with every datagram that the last `flush` could not send.
    package func forEachFailure(_ body: (SendFailure) -> Void) {
        for index in 0..<failureCount { body(failureBuffer[index]) }
    }

    /// Calls `body` with every errno that ever kept a datagram of this batch from being sent, and how often.
    package func forEachTotal(_ body: (Errno, UInt64) -> Void) {
        for number in 0..<Self.errnoLimit where totals[number] > 0 {
            body(Errno(rawValue: CInt(number)), totals[number])
        }
    }

    mutating func forgetFailures() {
        failureCount = 0
    }

    /// Notes that the datagram at `index` could not be sent.
    mutating func note(_ errno: Errno, at index: Int) {
        let destination = SocketAddress(clinux_sender_destination(sender, UInt32(index)))
        failureBuffer[failureCount] = SendFailure(
            destination: destination, errno: errno, tag: Int(clinux_sender_tag(sender, UInt32(index))))
        failureCount += 1
        if (0..<CInt(Self.errnoLimit)).contains(errno.rawValue) { totals[Int(errno.rawValue)] += 1 }
    }
}

internal import CLinux
internal import Glibc

extension UDPSocket {
    /// How often a call asks again after an error replaced a datagram.
    ///
    /// Each error is one ICMP message; more of them than this must not hold up the loop.
    private static let errorLimit = 16

    /// Receives what has arrived, up to the batch's capacity.
    ///
    /// Call again in the same turn until `batch.socketIsEmpty`, or until the turn's own bound is met.
    /// Never blocks, allocates nothing.
    ///
    /// Linux begins to stamp a moment after the first socket of the machine asks for it; what arrives
    /// before counts as arrived at `now`, as does what arrives during the drain.
    /// - Parameters:
    ///   - batch: takes the datagrams; what it held is gone.
    ///   - now: the turn's instant of `Clocks.boottime()`, read before the drain.
    /// - Throws: `SystemCallError` for a broken socket. Errors that the network reported about earlier
    ///   sends are passed over here, counted, and found in full by `drainErrors`.
    /// - Returns: how many datagrams the batch holds now.
    @discardableResult
    package mutating func receive(into batch: inout ReceiveBatch, now: Int64) throws(SystemCallError) -> Int {
        try fill(&batch)
        clock.sample(offset: Clocks.realtimeToBoottimeOffset())
        describe(&batch, now: now)
        if batch.socketIsEmpty { clock.socketWasEmptied(at: now) }
        return batch.count
    }

    /// Asks until the batch is full or the kernel says that there is nothing more.
    ///
    /// A short count does not say so: it may also mean that an error was met after some datagrams.
    private mutating func fill(_ batch: inout ReceiveBatch) throws(SystemCallError) {
        batch.count = 0
        batch.socketIsEmpty = false
        var errors = 0
        while batch.count < batch.capacity, errors < Self.errorLimit {
            let (receiver, first) = (batch.receiver, UInt32(batch.count))
            switch uninterrupted({ clinux_receiver_receive(receiver, raw, first) }) {
            case .success(let count): batch.count += Int(count)
            case .failure(.wouldBlock):
                batch.socketIsEmpty = true
                return
            case .failure(let errno):
                if errno.isFaultOfTheSocket { throw SystemCallError("recvmmsg", errno: errno) }
                errors += 1
                receiveErrors += 1
            }
        }
    }

    private mutating func describe(_ batch: inout ReceiveBatch, now: Int64) {
        guard let datagrams = clinux_receiver_datagrams(batch.receiver) else { return }
        for index in 0..<batch.count {
            let datagram = datagrams[index]
            if datagram.has_drops { noteDrops(datagram.drops) }
            let header = DatagramHeader(
                source: SocketAddress(datagram.source),
                local: datagram.has_local ? SocketAddress(datagram.local) : nil,
                arrival: datagram.has_stamp ? clock.boottime(ofStamp: datagram.realtime, now: now) : now,
                isTruncated: datagram.truncated)
            batch.setHeader(header, at: index)
        }
    }

    /// Widens the kernel's 32-bit counter, which wraps.
    private mutating func noteDrops(_ counter: UInt32) {
        droppedByKernel += UInt64(counter &- dropCounter)
        dropCounter = counter
    }
}

extension Errno {
    /// Whether a receive failed because of the descriptor itself, and not of what the network reported.
    ///
    /// An ICMP message leaves its error on the socket, and the next call of any kind returns it: all that `icmp_err_convert`
    /// of the kernel yields, EOPNOTSUPP among them. So only those are taken for faults of the socket that no report and no
    /// shortage of memory can cause.
    fileprivate var isFaultOfTheSocket: Bool {
        switch rawValue {
        case EBADF, ENOTSOCK, EFAULT, EINVAL: true
        default: false
        }
    }
}

internal import CLinux
internal import Glibc

extension UDPSocket {
    /// How often one datagram is tried.
    ///
    /// An error may belong to an earlier datagram whose ICMP answer has
    /// just come in: Linux reports it instead of the next send, which then has not been made.
    private static let attemptLimit = 3

    /// Sends every datagram of the batch and returns how many the kernel took; the batch is empty then.
    ///
    /// A datagram that cannot be sent (no route, no buffer, forbidden, too long…) is passed over, noted
    /// in the batch with its destination and errno, and the others are still sent: one unreachable peer
    /// must not silence us towards the rest. Never blocks, allocates nothing, makes at most three calls
    /// a datagram.
    @discardableResult
    package func flush(_ batch: inout SendBatch) -> Int {
        batch.forgetFailures()
        let total = batch.count
        var index = 0
        var attempts = 0
        while index < total {
            switch send(batch, from: index) {
            case .success(let count):
                index += Int(count)
                attempts = 0
            case .failure(let errno):
                attempts += 1
                if errno.mayBeAnEarlierDatagrams, attempts < Self.attemptLimit { continue }
                batch.note(errno, at: index)
                index += 1
                attempts = 0
            }
        }
        clinux_sender_clear(batch.sender)
        return total - batch.failureCount
    }

    private func send(_ batch: borrowing SendBatch, from index: Int) -> Result<CInt, Errno> {
        let sender = batch.sender
        return uninterrupted { clinux_sender_send(sender, raw, UInt32(index)) }
    }
}

extension Errno {
    /// Whether this is what an ICMP message sets on the socket, whichever datagram it was about.
    fileprivate var mayBeAnEarlierDatagrams: Bool {
        switch rawValue {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENONET, ENOPROTOOPT, EPROTO, EOPNOTSUPP,
            EMSGSIZE, EACCES:
            true
        default: false
        }
    }
}

internal import CLinux
internal import Glibc

/// A report that a datagram sent earlier could not be delivered.
///
/// Anyone who can guess our ports can forge an ICMP message: this is a hint to check sooner, no proof.
package struct NetworkError: Hashable, Sendable {
    /// Which host reported it.
    package enum Origin: UInt8, Sendable, BitwiseCopyable {
        /// Our own kernel, such as for a datagram that is too long.
        case local = 1
        /// An ICMP message.
        case icmp = 2
        /// An ICMPv6 message.
        case icmpv6 = 3
    }

    /// What is wrong: ECONNREFUSED for a closed port, EHOSTUNREACH, ENETUNREACH, EMSGSIZE or EACCES.
    package let errno: Errno
    /// Where the datagram was going.
    package let destination: SocketAddress
    /// What kind of message says so.
    package let origin: Origin
    /// Which host says so; `nil` for our own kernel.
    package let offender: SocketAddress?
    /// The first bytes of the datagram, at most 32, as the report quotes them.
    package let quote: [UInt8]
}

extension UDPSocket {
    /// Takes the pending delivery errors from the socket, at most `limit`.
    ///
    /// To be called when epoll reports `.error`, which it does until the queue is empty. Until then the
    /// reports also take space from the receive buffer.
    /// - Parameters:
    ///   - limit: the largest number of reports to take in this turn.
    ///   - report: called with each that names its destination.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: how many entries it took; `limit` means that there may be more.
    @discardableResult
    package func drainErrors(
        limit: Int = 64, _ report: (NetworkError) -> Void
    ) throws(SystemCallError) -> Int {
        var entry = clinux_network_error()
        for taken in 0..<limit {
            let count = try systemCall("recvmsg", on: "error queue") {
                clinux_network_error_next(raw, &entry)
            }
            if count == 0 {
                try forgetPendingError()
                return taken
            }
            if let error = NetworkError(entry) { report(error) }
        }
        return limit
    }

    /// Clears the error that the kernel holds for the next call: when the queue had no space for a report
    /// there is nothing but this, and epoll would report it indefinitely.
    private func forgetPendingError() throws(SystemCallError) {
        _ = try descriptor.option("SO_ERROR", level: SOL_SOCKET, option: SO_ERROR)
    }
}

extension NetworkError {
    /// Nil for entries that are no delivery errors, such as transmit stamps on an adopted socket.
    fileprivate init?(_ entry: clinux_network_error) {
        guard let origin = Origin(rawValue: entry.origin), entry.has_destination else { return nil }
        errno = Errno(rawValue: entry.error)
        destination = SocketAddress(entry.destination)
        self.origin = origin
        offender = entry.has_offender ? SocketAddress(entry.offender) : nil
        quote = withUnsafeBytes(of: entry.quote) { Array($0.prefix(Int(entry.quoted))) }
    }
}

internal import CLinux
internal import Glibc

/// A TCP socket that a thread of its own waits at.
package struct TCPListener: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Listens at an address.
    ///
    /// - Throws: `SystemCallError`: EADDRINUSE, EADDRNOTAVAIL, EACCES.
    package init(binding address: SocketAddress) throws(SystemCallError) {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = try FileDescriptor("socket", on: "\(address)") { socket(address.family, type, 0) }
        // A connection of the former daemon that still winds down must not keep us from starting.
        try descriptor.setOption("SO_REUSEADDR", level: SOL_SOCKET, option: SO_REUSEADDR, to: 1)
        try systemCall("bind", on: "\(address)") { address.withSockaddr { bind(descriptor.raw, $0, $1) } }
        try systemCall("listen", on: "\(address)") { listen(descriptor.raw, 16) }
        self.descriptor = descriptor
    }

    /// Takes over a listening socket that somebody else made, such as systemd.
    ///
    /// - Throws: `SystemCallError`; EINVAL when it is not a listening TCP socket.
    package init(adopting descriptor: consuming FileDescriptor) throws(SystemCallError) {
        let listening = try descriptor.option("SO_ACCEPTCONN", level: SOL_SOCKET, option: SO_ACCEPTCONN)
        let family = try descriptor.option("SO_DOMAIN", level: SOL_SOCKET, option: SO_DOMAIN)
        guard listening == 1, family == AF_INET || family == AF_INET6 else {
            throw SystemCallError(
                "adopt", on: "descriptor \(descriptor.raw)", errno: .invalidArgument,
                remedy: "this is no listening TCP socket; use ListenStream=127.0.0.1:PORT in the .socket unit"
            )
        }
        try descriptor.makeNonblocking()
        self.descriptor = descriptor
    }

    /// Waits for the next connection.
    ///
    /// - Parameter timeout: nanoseconds.
    /// - Throws: `SystemCallError`, such as EMFILE.
    /// - Returns: the connection; `nil` when the time is up, or the client was gone again.
    package func accept(timeout: Int64) throws(SystemCallError) -> TCPConnection? {
        guard try descriptor.wait(for: POLLIN, until: Clocks.monotonic() + timeout) else { return nil }
        switch uninterrupted({ clinux_accept(descriptor.raw) }) {
        case .success(let raw): return TCPConnection(UnixStream(FileDescriptor(owning: raw)))
        case .failure(.wouldBlock), .failure(.connectionAborted): return nil
        case .failure(let errno): throw SystemCallError("accept4", errno: errno)
        }
    }
}

/// An accepted TCP connection, read and written with bounded waits.
package struct TCPConnection: ~Copyable, Sendable {
    /// Stream sockets are read and written alike, whatever their family.
    private let stream: UnixStream

    init(_ stream: consuming UnixStream) { self.stream = stream }

    /// Reads what is there, or waits for it.
    ///
    /// - Parameters:
    ///   - buffer: takes the bytes; not empty.
    ///   - timeout: nanoseconds.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: what became of it; `wouldBlock` when the time is up.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, timeout: Int64
    ) throws(SystemCallError) -> ReadOutcome { try stream.read(into: buffer, timeout: timeout) }

    /// Writes everything, and waits for room.
    ///
    /// - Parameters:
    ///   - bytes: what to write.
    ///   - timeout: nanoseconds for all of it.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: false when the time is up or the other end is gone.
    @discardableResult
    package func writeAll(_ bytes: UnsafeRawBufferPointer, timeout: Int64) throws(SystemCallError) -> Bool {
        try stream.writeAll(bytes, timeout: timeout)
    }
}

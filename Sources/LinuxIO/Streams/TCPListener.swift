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
        do throws(SystemCallError) {
            try systemCall("bind", on: "\(address)") {
                address.withSockaddr { bind(descriptor.raw, $0, $1) }
            }
            try systemCall("listen", on: "\(address)") { listen(descriptor.raw, 128) }
        } catch {
            guard error.errno == .addressInUse else { throw error }
            throw SystemCallError(
                "bind", on: "\(address)", errno: .addressInUse,
                remedy: "another program listens there, see 'ss -ltnp'; stop it, or name another port")
        }
        self.descriptor = descriptor
    }

    /// Takes over a listening socket that another process made, such as systemd.
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

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Takes one connection, and does not wait for one.
    ///
    /// - Throws: `SystemCallError`, such as EMFILE.
    /// - Returns: the connection; `nil` when none waits, or the client was gone again.
    package func accept() throws(SystemCallError) -> TCPConnection? {
        switch uninterrupted({ clinux_accept(descriptor.raw) }) {
        case .success(let raw): return TCPConnection(UnixStream(FileDescriptor(owning: raw)))
        case .failure(.wouldBlock), .failure(.connectionAborted): return nil
        case .failure(let errno): throw SystemCallError("accept4", errno: errno)
        }
    }
}

/// An accepted TCP connection that never blocks.
package struct TCPConnection: ~Copyable, Sendable {
    /// Stream sockets are read and written alike, whatever their family.
    private let stream: UnixStream

    init(_ stream: consuming UnixStream) { self.stream = stream }

    /// The number, for `Epoll`.
    package var raw: CInt { stream.raw }

    /// Reads what is there, up to the size of the buffer, which must not be empty.
    ///
    /// - Throws: `SystemCallError` for a broken socket.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> ReadOutcome {
        try stream.read(into: buffer)
    }

    /// Writes what there is space for.
    ///
    /// - Throws: `SystemCallError` for a broken socket.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> WriteOutcome {
        try stream.write(bytes)
    }
}

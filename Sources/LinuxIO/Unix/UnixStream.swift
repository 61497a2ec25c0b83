internal import CLinux
internal import Glibc

/// The process at the other end of a UNIX socket, as the kernel vouches: taken when the connection was made.
package struct PeerCredentials: Hashable, Sendable {
    /// The user.
    package let user: UInt32
    /// The group.
    package let group: UInt32
    /// The process; 0 when it is in a namespace that we do not see.
    package let process: CInt
}

/// What became of a read.
package enum ReadOutcome: Hashable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing now, perhaps later.
    case wouldBlock
    /// Nothing ever again: the other end has closed or is gone.
    case closed
}

/// What became of a write.
package enum WriteOutcome: Hashable, Sendable {
    /// So many bytes were taken, at least one (or none of none); the rest is still the caller's.
    case bytes(Int)
    /// No space now: the other end does not read.
    case wouldBlock
    /// The other end has closed or is gone.
    case closed
}

/// A connected UNIX stream socket that never blocks, unless asked to with a bound.
package struct UnixStream: ~Copyable, Sendable {
    let descriptor: FileDescriptor

    /// Takes over a connected, non-blocking socket.
    init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Two sockets connected to each other.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package static func pair() throws(SystemCallError) -> UnixStreamPair {
        var ends: [CInt] = [-1, -1]
        try systemCall("socketpair") { clinux_socket_pair(&ends) }
        return UnixStreamPair(
            first: UnixStream(FileDescriptor(owning: ends[0])),
            second: UnixStream(FileDescriptor(owning: ends[1])))
    }

    /// Reads what is there, up to the size of the buffer, which must not be empty.
    /// - Throws: `SystemCallError` for a broken socket; a vanished peer is an outcome and no error.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> ReadOutcome {
        precondition(!buffer.isEmpty, "a read into nothing looks like the end")
        switch uninterrupted({ recv(raw, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT)) }) {
        case .success(0), .failure(.connectionReset): return .closed
        case .success(let count): return .bytes(count)
        case .failure(.wouldBlock): return .wouldBlock
        case .failure(let errno): throw SystemCallError("recv", errno: errno)
        }
    }

    /// Writes what there is space for; never raises SIGPIPE.
    /// - Throws: `SystemCallError` for a broken socket; a vanished peer is an outcome and no error.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> WriteOutcome {
        if bytes.isEmpty { return .bytes(0) }
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        switch uninterrupted({ send(raw, bytes.baseAddress, bytes.count, flags) }) {
        case .success(let count): return .bytes(count)
        case .failure(.wouldBlock), .failure(.noBufferSpace): return .wouldBlock
        case .failure(.brokenPipe), .failure(.connectionReset): return .closed
        case .failure(let errno): throw SystemCallError("send", errno: errno)
        }
    }

    /// Says that nothing more will be written: the other end reads to the end.
    /// - Throws: `SystemCallError`.
    package func finishWriting() throws(SystemCallError) {
        try systemCall("shutdown") { shutdown(raw, CInt(SHUT_WR)) }
    }

    /// Bounds what the kernel keeps of our writes until the other end has read it.
    /// - Parameter bytes: the kernel doubles them, for its own books.
    /// - Throws: `SystemCallError`.
    package func limitSendBuffer(to bytes: CInt) throws(SystemCallError) {
        try descriptor.setOption("SO_SNDBUF", level: SOL_SOCKET, option: SO_SNDBUF, to: bytes)
    }

    /// The process at the other end.
    /// - Throws: `SystemCallError`.
    package func peerCredentials() throws(SystemCallError) -> PeerCredentials {
        var (process, user, group): (CInt, UInt32, UInt32) = (0, 0, 0)
        try systemCall("getsockopt", on: "SO_PEERCRED") {
            clinux_peer_credentials(raw, &process, &user, &group)
        }
        return PeerCredentials(user: user, group: group, process: process)
    }

    /// The process that made the connection, by a descriptor of its own.
    package func peerProcess() -> PeerProcess {
        do throws(SystemCallError) {
            let descriptor = try FileDescriptor("getsockopt", on: "SO_PEERPIDFD") { clinux_peer_pidfd(raw) }
            return .known(ProcessDescriptor(0, descriptor))
        } catch {
            // Kernels differ in what they say of a process that has been waited for.
            return [.noSuchProcess, .invalidArgument, .noData].contains(error.errno) ? .ended : .unknown
        }
    }
}

/// The process that made a connection.
package enum PeerProcess: Sendable {
    /// It ran when this was asked.
    case known(ProcessDescriptor)
    /// It has ended: its number may be that of another process.
    case ended
    /// A kernel before 6.5 does not say, nor is there a descriptor to spare.
    case unknown

    /// Whether it is known to have ended by now.
    package var hasEnded: Bool {
        switch self {
        case .known(let process): process.hasEnded
        case .ended: true
        case .unknown: false
        }
    }
}

/// Two sockets connected to each other.
package struct UnixStreamPair: ~Copyable {
    /// One end.
    package let first: UnixStream
    /// The other end.
    package let second: UnixStream

    /// Gives both ends to two owners.
    package consuming func split<Result: ~Copyable>(
        _ body: (consuming UnixStream, consuming UnixStream) -> Result
    ) -> Result {
        body(first, second)
    }
}

internal import Glibc

/// The client's side: it has nothing else to do, so it may wait, but never without a bound.
extension UnixStream {
    /// Connects to a listener.
    /// - Parameters:
    ///   - path: at most 107 bytes.
    ///   - timeout: nanoseconds to wait when the listener's backlog is full; positive.
    /// - Throws: `SystemCallError`: ENOENT or ECONNREFUSED when no process serves the path, ETIMEDOUT.
    /// - Returns: the connection, non-blocking again.
    package static func connect(to path: String, timeout: Int64) throws(SystemCallError) -> UnixStream {
        let address = try UnixAddress(path, for: "connect")
        let descriptor = try unixStreamSocket(for: path, nonblocking: false)
        // A non-blocking connect to a full backlog fails immediately and cannot be polled for: so it
        // blocks, for as long as the send timeout.
        try descriptor.setSendTimeout(timeout)
        switch uninterrupted({ address.withSockaddr { Glibc.connect(descriptor.raw, $0, $1) } }) {
        case .success: break
        case .failure(.wouldBlock):
            throw SystemCallError(
                "connect", on: path, errno: .timedOut,
                remedy: "the daemon accepts no connections; is it stopped?")
        case .failure(let errno): throw SystemCallError("connect", on: path, errno: errno)
        }
        try descriptor.makeNonblocking()
        return UnixStream(descriptor)
    }

    /// Reads what is there, and waits for something to be there.
    /// - Parameters:
    ///   - buffer: takes the bytes; not empty.
    ///   - timeout: nanoseconds.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: what became of it; `wouldBlock` when the time is up.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, timeout: Int64
    ) throws(SystemCallError) -> ReadOutcome {
        let deadline = Clocks.monotonic() + timeout
        while true {
            let outcome = try read(into: buffer)
            guard case .wouldBlock = outcome else { return outcome }
            guard try descriptor.wait(for: POLLIN, until: deadline) else { return .wouldBlock }
        }
    }

    /// Writes everything, and waits for space.
    /// - Parameters:
    ///   - bytes: what to write.
    ///   - timeout: nanoseconds for all of it.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: false when the time is up or the other end is gone.
    package func writeAll(_ bytes: UnsafeRawBufferPointer, timeout: Int64) throws(SystemCallError) -> Bool {
        let deadline = Clocks.monotonic() + timeout
        var rest = bytes
        while !rest.isEmpty {
            switch try write(rest) {
            case .bytes(let count): rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            case .wouldBlock:
                guard try descriptor.wait(for: POLLOUT, until: deadline) else { return false }
            case .closed: return false
            }
        }
        return true
    }
}

extension FileDescriptor {
    fileprivate func setSendTimeout(_ nanoseconds: Int64) throws(SystemCallError) {
        // Zero would mean indefinitely, so a microsecond is the least.
        let microseconds = max(1, nanoseconds / 1000)
        var timeout = timeval(tv_sec: Int(microseconds / 1_000_000), tv_usec: Int(microseconds % 1_000_000))
        try systemCall("setsockopt", on: "SO_SNDTIMEO") {
            setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}

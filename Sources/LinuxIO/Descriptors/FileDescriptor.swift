internal import Glibc

/// An open file descriptor with one owner, closed when the owner goes.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number; valid for as long as the owner exists, so it must not be kept.
    package let raw: CInt

    /// Takes the ownership of an open descriptor.
    package init(owning raw: CInt) {
        self.raw = raw
    }

    deinit {
        // Never retried: Linux frees the number even when close() is interrupted.
        _ = Glibc.close(raw)
    }

    /// Gives the descriptor away unclosed, such as to a child or to systemd's store.
    package consuming func release() -> CInt {
        let raw = self.raw
        discard self
        return raw
    }

    /// Closes now and reports what a deferred write error would otherwise hide.
    /// - Throws: `SystemCallError`; the descriptor is gone all the same.
    package consuming func close() throws(SystemCallError) {
        let raw = release()
        guard Glibc.close(raw) == -1, Errno.current != .interrupted else { return }
        throw SystemCallError("close", errno: .current)
    }
}

extension FileDescriptor {
    /// Opens a descriptor with a call that returns its number.
    init(_ call: String, on object: @autoclosure () -> String = "", _ body: () -> CInt)
        throws(SystemCallError)
    {
        self.init(owning: try systemCall(call, on: object(), body))
    }

    /// Makes reads and writes return immediately, and keeps the descriptor from children.
    func makeNonblocking() throws(SystemCallError) {
        let flags = try systemCall("fcntl") { fcntl(raw, F_GETFL) }
        try systemCall("fcntl") { fcntl(raw, F_SETFL, flags | O_NONBLOCK) }
        try systemCall("fcntl") { fcntl(raw, F_SETFD, FD_CLOEXEC) }
    }

    /// Sets an integer socket option.
    func setOption(
        _ name: String, level: CInt, option: CInt, to value: CInt
    ) throws(SystemCallError) {
        var value = value
        try systemCall("setsockopt", on: name) {
            setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
        }
    }

    /// Reads an integer socket option.
    func option(_ name: String, level: CInt, option: CInt) throws(SystemCallError) -> CInt {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        try systemCall("getsockopt", on: name) { getsockopt(raw, level, option, &value, &length) }
        return value
    }

    /// Waits until the descriptor is ready or the time is up.
    /// - Parameters:
    ///   - events: `POLLIN` or `POLLOUT`.
    ///   - deadline: an instant of `Clocks.monotonic()` in nanoseconds.
    /// - Throws: `SystemCallError`.
    /// - Returns: false when the time is up.
    func wait(for events: Int32, until deadline: Int64) throws(SystemCallError) -> Bool {
        var entry = pollfd(fd: raw, events: Int16(truncatingIfNeeded: events), revents: 0)
        let ready = try systemCall("poll") {
            poll(&entry, 1, millisecondsLeft(until: deadline))
        }
        return ready > 0
    }
}

/// The time left in whole milliseconds, rounded up so that a wait never ends early.
private func millisecondsLeft(until deadline: Int64) -> CInt {
    let left = max(0, deadline - Clocks.monotonic())
    return CInt(clamping: (left + 999_999) / 1_000_000)
}

internal import CLinux
internal import Glibc

/// A signal that was taken from a `SignalDescriptor`.
package struct ReceivedSignal: Hashable, Sendable {
    /// Its number, such as `SIGTERM`.
    package let number: CInt
    /// The sending process; 0 when it was the kernel.
    package let senderProcess: CInt
    /// The sender's user.
    package let senderUser: UInt32
}

/// Signals read like any other input, instead of interrupting whatever runs.
///
/// The corresponding C function is `signalfd`.
package struct SignalDescriptor: ~Copyable {
    private let descriptor: FileDescriptor

    /// Blocks the signals in the calling thread and collects them from now on.
    ///
    /// Threads inherit the mask, so this comes before any thread is started: an unblocked thread
    /// would take the signal, and its default action would end the process.
    /// - Throws: `SystemCallError`; EINVAL for a number that is no signal.
    package init(_ signals: [CInt]) throws(SystemCallError) {
        try Self.block(signals)
        descriptor = try FileDescriptor("signalfd") { clinux_signalfd_create(signals, signals.count) }
    }

    private static func block(_ signals: [CInt]) throws(SystemCallError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        let status = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard status == 0 else { throw SystemCallError("pthread_sigmask", errno: Errno(rawValue: status)) }
    }

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Takes one pending signal; nil when none is left.
    /// - Throws: `SystemCallError`.
    package func next() throws(SystemCallError) -> ReceivedSignal? {
        var signal = clinux_signal()
        let count = try systemCall("read", on: "signals") { clinux_signalfd_next(descriptor.raw, &signal) }
        guard count > 0 else { return nil }
        return ReceivedSignal(
            number: signal.number, senderProcess: signal.sender_pid, senderUser: signal.sender_uid)
    }

    /// Waits until a signal is pending, which it stays.
    ///
    /// - Parameter milliseconds: how long at most.
    /// - Returns: whether one is.
    package func wait(milliseconds: CInt) -> Bool {
        var entry = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    /// Makes a write to a closed connection, or beyond the largest size of a file, an error of that write, not the end
    /// of the process.
    package static func ignoreFailedWrites() {
        _ = Glibc.signal(SIGPIPE, SIG_IGN)
        _ = Glibc.signal(SIGXFSZ, SIG_IGN)
    }
}

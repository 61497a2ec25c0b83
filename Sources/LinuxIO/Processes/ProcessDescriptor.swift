internal import CLinux
internal import Glibc

/// A descriptor that stands for one process, and becomes readable when it ends; for processes of any user.
///
/// The number of the process may have come to mean another one before the descriptor was opened: what named the process
/// has to be asked again afterwards.
package final class ProcessDescriptor: Sendable {
    private let descriptor: FileDescriptor
    /// The number of the process; 0 where that is not known.
    package let identifier: UInt32

    /// Opens a descriptor of a process.
    /// - Throws: `SystemCallError`, ESRCH when the process has ended and was reaped.
    package init(of identifier: UInt32) throws(SystemCallError) {
        self.identifier = identifier
        descriptor = try FileDescriptor("pidfd_open", on: "\(identifier)") {
            clinux_pidfd_open(CInt(truncatingIfNeeded: identifier))
        }
    }

    /// Takes over a descriptor that stands for a process.
    init(_ identifier: UInt32, _ descriptor: consuming FileDescriptor) {
        self.identifier = identifier
        self.descriptor = descriptor
    }

    /// The number of the descriptor, for `poll` and `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Whether the process has ended.
    package var hasEnded: Bool {
        var entry = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }
}

internal import CLinux
internal import Glibc

/// Lets another thread wake the loop.
///
/// The corresponding C function is `eventfd`.
///
/// A class, so that a thread that outlives the loop still signals this descriptor, and never one
/// that was opened later under the same number.
package final class WakeupDescriptor: Sendable {
    private let descriptor: FileDescriptor

    /// Creates a descriptor that is not readable yet.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package init() throws(SystemCallError) {
        descriptor = try FileDescriptor("eventfd") { clinux_eventfd_create() }
    }

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Makes the descriptor readable; from any thread, never blocks.
    package func signal() {
        var one: UInt64 = 1
        // The only failure is a full counter, and then the descriptor is readable already.
        _ = uninterrupted { write(descriptor.raw, &one, MemoryLayout<UInt64>.size) }
    }

    /// Makes the descriptor unreadable until the next signal; false when there was none.
    ///
    /// Comes before the work is checked: a signal during the work is then seen in the next turn.
    @discardableResult
    package func acknowledge() -> Bool {
        var count: UInt64 = 0
        let result = uninterrupted { read(descriptor.raw, &count, MemoryLayout<UInt64>.size) }
        return (try? result.get()) != nil
    }
}

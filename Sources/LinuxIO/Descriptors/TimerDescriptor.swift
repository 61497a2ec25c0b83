internal import CLinux
internal import Glibc

/// A timer that becomes readable at an absolute instant of CLOCK_BOOTTIME, where suspended time counts.
///
/// The corresponding C functions are `timerfd_create` and `timerfd_settime`.
package struct TimerDescriptor: ~Copyable {
    private let descriptor: FileDescriptor
    /// What the kernel was last asked for: most turns do not move the deadline, and then nothing is called.
    private var armed: Int64?

    /// Creates a disarmed timer.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package init() throws(SystemCallError) {
        descriptor = try FileDescriptor("timerfd_create") { clinux_timer_create() }
    }

    /// The number, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Becomes readable at `instant`, in nanoseconds of `Clocks.boottime()`; immediately when it has passed.
    /// - Throws: `SystemCallError`.
    package mutating func arm(at instant: Int64) throws(SystemCallError) {
        // Zero would disarm; an instant before the boot has passed like any other.
        try set(max(1, instant))
    }

    /// Never becomes readable until it is armed again.
    /// - Throws: `SystemCallError`.
    package mutating func disarm() throws(SystemCallError) {
        try set(0)
    }

    /// Takes note of an expiry, so that the timer stops being readable; false when it had not expired.
    /// - Throws: `SystemCallError`.
    @discardableResult
    package mutating func acknowledge() throws(SystemCallError) -> Bool {
        let raw = descriptor.raw
        var expirations: UInt64 = 0
        switch uninterrupted({ read(raw, &expirations, MemoryLayout<UInt64>.size) }) {
        case .success:
            armed = nil
            return true
        case .failure(.wouldBlock): return false
        case .failure(let errno): throw SystemCallError("read", on: "timer", errno: errno)
        }
    }

    private mutating func set(_ nanoseconds: Int64) throws(SystemCallError) {
        guard armed != nanoseconds else { return }
        let raw = descriptor.raw
        try systemCall("timerfd_settime") { clinux_timer_set(raw, nanoseconds) }
        armed = nanoseconds
    }
}

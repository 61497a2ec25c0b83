internal import CLinux

/// What a process that was given real-time scheduling does to deserve it.
package enum RealTime {
    /// Keeps all memory, present and future, from being paged out, if this process runs under a real-time policy.
    ///
    /// A page fault would make it wait for a disk, whatever its priority.
    /// - Throws: `SystemCallError` when it may not: without `LimitMEMLOCK=infinity` a later allocation could fail.
    package static func lockMemoryIfScheduled() throws(SystemCallError) {
        guard clinux_is_realtime() else { return }
        guard clinux_may_lock_all_memory() else {
            throw SystemCallError(
                "mlockall", errno: .noMemory,
                remedy: "real-time scheduling without locked memory still waits for page faults; add "
                    + "LimitMEMLOCK=infinity to the unit")
        }
        try systemCall("mlockall") { clinux_lock_memory() }
    }
}

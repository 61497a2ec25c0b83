internal import CLinux
internal import Glibc

/// What a descriptor is watched for, and what it turned out to be ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
    /// The bits of epoll.
    package let rawValue: UInt32

    /// Wraps epoll's bits.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, or a connection to accept.
    package static let read = Readiness(rawValue: clinux_epoll_read)
    /// There is space to write.
    package static let write = Readiness(rawValue: clinux_epoll_write)
    /// An error is pending; always watched.
    ///
    /// On a UDP socket: call `drainErrors`, or epoll reports it indefinitely.
    package static let error = Readiness(rawValue: clinux_epoll_error)
    /// The other end is gone; always watched.
    package static let hangup = Readiness(rawValue: clinux_epoll_hangup)
}

/// One descriptor that is ready.
package struct ReadyEvent: Sendable {
    /// The token the descriptor was added with.
    package let token: UInt64
    /// What it is ready for.
    package let readiness: Readiness
}

/// A set of watched descriptors, level-triggered: what is not dealt with is reported again.
///
/// The corresponding C functions are `epoll_create1`, `epoll_ctl` and `epoll_wait`.
package struct Epoll: ~Copyable {
    private let descriptor: FileDescriptor
    private let ready: UnsafeMutableBufferPointer<clinux_ready>
    private var count = 0

    /// Creates an empty set that reports at most `capacity` (1…256) descriptors a turn.
    ///
    /// More being ready is no loss: epoll goes round, and the rest come first in the next turn.
    /// - Throws: `SystemCallError`, usually for want of descriptors.
    package init(capacity: Int = 64) throws(SystemCallError) {
        descriptor = try FileDescriptor("epoll_create1") { clinux_epoll_create() }
        ready = .allocate(capacity: min(max(capacity, 1), 256))
        ready.initialize(repeating: clinux_ready())
    }

    deinit {
        ready.deallocate()
    }

    /// Watches a descriptor; it must be removed before it is closed if it was ever duplicated.
    /// - Throws: `SystemCallError`, such as EEXIST for one that is watched already.
    package func add(_ raw: CInt, token: UInt64, interest: Readiness) throws(SystemCallError) {
        try systemCall("epoll_ctl", on: "add \(raw)") {
            clinux_epoll_add(descriptor.raw, raw, interest.watched, token)
        }
    }

    /// Changes what a watched descriptor is watched for.
    /// - Throws: `SystemCallError`, such as ENOENT for one that is not watched.
    package func modify(_ raw: CInt, token: UInt64, interest: Readiness) throws(SystemCallError) {
        try systemCall("epoll_ctl", on: "modify \(raw)") {
            clinux_epoll_modify(descriptor.raw, raw, interest.watched, token)
        }
    }

    /// Stops watching a descriptor.
    /// - Throws: `SystemCallError`, such as ENOENT for one that is not watched.
    package func remove(_ raw: CInt) throws(SystemCallError) {
        try systemCall("epoll_ctl", on: "remove \(raw)") { clinux_epoll_remove(descriptor.raw, raw) }
    }

    /// Waits for something to be ready; allocates nothing.
    ///
    /// An interrupted wait starts again with the full timeout: the loop's deadlines are a
    /// `TimerDescriptor`, and a process continued after SIGSTOP must see what arrived meanwhile
    /// and not an empty turn.
    /// - Parameter timeout: milliseconds; 0 only polls, negative waits indefinitely.
    /// - Throws: `SystemCallError`.
    /// - Returns: how many descriptors are ready; 0 when the time is up.
    package mutating func wait(timeout: CInt = -1) throws(SystemCallError) -> Int {
        count = 0
        let (epoll, buffer) = (descriptor.raw, ready)
        count = Int(
            try systemCall("epoll_wait") {
                clinux_epoll_wait(epoll, buffer.baseAddress, CInt(buffer.count), timeout)
            })
        return count
    }

    /// A descriptor that the last `wait` found ready, `0 ..< ` its result.
    package subscript(index: Int) -> ReadyEvent {
        precondition(index >= 0 && index < count, "event \(index) of \(count)")
        let event = ready[index]
        return ReadyEvent(token: event.token, readiness: Readiness(rawValue: event.events))
    }
}

extension Readiness {
    /// The bits to ask for: a half-closed peer has to be asked for by name.
    fileprivate var watched: UInt32 { union(.hangup).rawValue }
}

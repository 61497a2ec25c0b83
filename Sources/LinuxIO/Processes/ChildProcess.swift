internal import CLinux
internal import Glibc

/// Where a child's output goes.
package enum ChildOutput: Hashable, Sendable {
    /// Where ours goes.
    case inherit
    /// Nowhere.
    case discard
    /// To the end of a file, which is made if need be.
    case file(String)
    /// To a descriptor of ours, such as the writing end of a `Pipe`.
    case descriptor(CInt)
}

/// How a child ended.
package enum ExitStatus: Hashable, Sendable {
    /// On its own, with this status.
    case exited(CInt)
    /// By this signal.
    case signaled(CInt)
}

/// A program that this process started, and ends with it at the latest, also when this process is killed.
///
/// It holds the one right to reap its child, so the number cannot come to mean another process while
/// this exists, and no signal can reach a stranger. For tests and the demo; the daemon has no children.
package struct ChildProcess: ~Copyable {
    /// Its number.
    package let identifier: CInt
    private let descriptor: FileDescriptor
    private let name: String
    private let hasOwnGroup: Bool
    private var status: ExitStatus?

    /// Starts a program with default signal handling and nothing blocked.
    /// - Parameters:
    ///   - path: the program; no search.
    ///   - arguments: without the program's own name.
    ///   - environment: all of it, as "NAME=value"; nil for a copy of ours.
    ///   - output: where its standard output goes.
    ///   - errors: where its standard error goes.
    ///   - hasOwnGroup: whether it leads a process group of its own, which `kill` ends as a whole.
    /// - Throws: `SystemCallError`, such as ENOENT for a program that does not exist.
    package init(
        _ path: String, _ arguments: [String] = [], environment: [String]? = nil,
        output: ChildOutput = .inherit, errors: ChildOutput = .inherit, hasOwnGroup: Bool = false
    ) throws(SystemCallError) {
        let plan = SpawnPlan(output: output, errors: errors, hasOwnGroup: hasOwnGroup)
        self.hasOwnGroup = hasOwnGroup
        let pid = try plan.spawn(path, arguments: arguments, environment: environment)
        do {
            descriptor = try FileDescriptor("pidfd_open", on: path) { clinux_pidfd_open(pid) }
        } catch {
            // Without the descriptor no wait has a bound, so there is no child either.
            killAndReap(pid)
            throw error
        }
        identifier = pid
        name = path
    }

    deinit {
        guard status == nil else { return }
        if hasOwnGroup { Glibc.kill(-identifier, SIGKILL) }
        killAndReap(identifier)
    }

    /// The number of a descriptor that becomes readable when the child ends, for `Epoll`.
    package var raw: CInt { descriptor.raw }

    /// Sends a signal; does nothing once the child has been seen to end.
    /// - Throws: `SystemCallError`.
    package func send(_ signal: CInt) throws(SystemCallError) {
        guard status == nil else { return }
        try systemCall("kill", on: "\(name) (\(identifier))") { Glibc.kill(identifier, signal) }
    }

    /// Kills the child, and all others of its process group if it has one of its own.
    package func kill() {
        // Until it is reaped its number is its own, and so is that of its group.
        guard status == nil else { return }
        Glibc.kill(hasOwnGroup ? -identifier : identifier, SIGKILL)
    }

    /// How the child ended; nil while it runs.
    /// - Throws: `SystemCallError`.
    package mutating func poll() throws(SystemCallError) -> ExitStatus? {
        if let status { return status }
        var word: CInt = 0
        let pid = identifier
        let ended = try systemCall("waitpid", on: name) { waitpid(pid, &word, WNOHANG) }
        if ended == pid { status = ExitStatus(word) }
        return status
    }

    /// Waits for the child to end; nil when it has not within `timeout` nanoseconds.
    /// - Throws: `SystemCallError`.
    package mutating func wait(timeout: Int64) throws(SystemCallError) -> ExitStatus? {
        if let status { return status }
        _ = try descriptor.wait(for: POLLIN, until: Clocks.monotonic() + timeout)
        return try poll()
    }
}

/// Ends a child immediately and takes its status, so that no zombie stays.
private func killAndReap(_ pid: pid_t) {
    kill(pid, SIGKILL)
    _ = uninterrupted { waitpid(pid, nil, 0) }
}

extension ExitStatus {
    /// Takes apart what `waitpid` reports: the low seven bits are the signal, or none.
    fileprivate init(_ word: CInt) {
        let signal = word & 0x7f
        self = signal == 0 ? .exited((word >> 8) & 0xff) : .signaled(signal)
    }
}

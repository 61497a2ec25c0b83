internal import CLinux
internal import Glibc

/// The descriptors that a child is started with.
struct SpawnPlan {
    let output: ChildOutput
    let errors: ChildOutput
    /// Whether it leads a process group of its own.
    let hasOwnGroup: Bool

    /// Starts the program, which ends with this process at the latest, and returns its number.
    ///
    /// The kernel ends a child when the *thread* that started it ends. So each has a thread, which waits for its end.
    /// - Throws: `SystemCallError` with what kept it from being started.
    func spawn(
        _ path: String, arguments: [String], environment: [String]?
    ) throws(SystemCallError) -> pid_t {
        let started = BoundedQueue<Result<pid_t, SystemCallError>>(capacity: 1)
        _ = try BackgroundThread(name: "child") { [self] in
            let outcome = start(path, arguments, environment ?? ProcessEnvironment.all)
            _ = started.tryEnqueue(outcome)
            guard case .success(let pid) = outcome else { return }
            waitForEnd(of: pid)
        }
        guard let outcome = started.dequeue() else {
            throw SystemCallError("vfork", on: path, errno: .interrupted)
        }
        return try outcome.get()
    }

    private func start(
        _ path: String, _ arguments: [String], _ environment: [String]
    ) -> Result<pid_t, SystemCallError> {
        do throws(SystemCallError) {
            let output = try Opened(output)
            let errors = try Opened(errors)
            var pid: pid_t = 0
            let failure = withExtendedLifetime((output, errors)) {
                withCStrings([path] + arguments) { arguments in
                    withCStrings(environment) {
                        clinux_spawn(path, arguments, $0, output.raw, errors.raw, hasOwnGroup, &pid)
                    }
                }
            }
            guard failure == 0 else {
                throw SystemCallError("execve", on: path, errno: Errno(rawValue: failure))
            }
            return .success(pid)
        } catch {
            return .failure(error)
        }
    }
}

/// Where a child's output goes, as a descriptor of ours for the time of the start.
private final class Opened {
    /// The descriptor; -1 to leave things as they are.
    let raw: CInt
    private let isOurs: Bool

    init(_ place: ChildOutput) throws(SystemCallError) {
        switch place {
        case .inherit: (raw, isOurs) = (-1, false)
        case .descriptor(let descriptor): (raw, isOurs) = (descriptor, false)
        case .discard: (raw, isOurs) = (try Self.open("/dev/null", O_WRONLY), true)
        case .file(let path): (raw, isOurs) = (try Self.open(path, O_WRONLY | O_CREAT | O_APPEND), true)
        }
    }

    deinit { if isOurs { close(raw) } }

    private static func open(_ path: String, _ flags: CInt) throws(SystemCallError) -> CInt {
        try systemCall("open", on: path) { Glibc.open(path, flags | O_CLOEXEC, 0o644) }
    }
}

/// Waits until a child has ended, and leaves its status for the reader of it.
private func waitForEnd(of pid: pid_t) {
    var information = siginfo_t()
    _ = uninterrupted { waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { buffer in
        // Never empty: the null at the end is always there.
        withUnsafePointer(to: nil as UnsafeMutablePointer<CChar>?) { body(buffer.baseAddress ?? $0) }
    }
}

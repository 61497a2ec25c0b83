internal import Glibc

/// The descriptors and signal state that a child is started with.
struct SpawnPlan {
    let output: ChildOutput
    let errors: ChildOutput

    /// Starts the program and returns its number.
    /// - Throws: `SystemCallError` with what kept it from being started.
    func spawn(
        _ path: String, arguments: [String], environment: [String]?
    ) throws(SystemCallError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        add(output, as: STDOUT_FILENO, to: &actions)
        add(errors, as: STDERR_FILENO, to: &actions)
        resetSignals(&attributes)
        var pid: pid_t = 0
        let status = withCStrings([path] + arguments) { argv in
            guard let environment else {
                return posix_spawn(&pid, path, &actions, &attributes, argv, environ)
            }
            return withCStrings(environment) { posix_spawn(&pid, path, &actions, &attributes, argv, $0) }
        }
        guard status == 0 else {
            throw SystemCallError("posix_spawn", on: path, errno: Errno(rawValue: status))
        }
        return pid
    }

    private func add(_ place: ChildOutput, as target: CInt, to actions: inout posix_spawn_file_actions_t) {
        switch place {
        case .inherit: break
        case .discard: posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        case .descriptor(let raw): posix_spawn_file_actions_adddup2(&actions, raw, target)
        }
    }

    /// The child must not inherit that we block or ignore signals: it could not be stopped politely.
    private func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }
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

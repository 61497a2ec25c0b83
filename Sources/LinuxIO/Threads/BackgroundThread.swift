internal import CLinux
internal import Glibc

/// A thread for calls that may block: it takes no signals and never competes with the loop for
/// real-time priority.
package struct BackgroundThread: ~Copyable {
    private let handle: pthread_t

    /// Starts a thread.
    ///
    /// The body is `@Sendable`, so it does not inherit the main actor from where it is written; a closure
    /// that did would trap on this thread.
    /// - Parameters:
    ///   - name: at most 15 bytes are shown by `ps -L` and `top -H`.
    ///   - stackSize: bytes; the default leaves name service modules enough.
    ///   - body: what to run; the thread ends with it.
    /// - Throws: `SystemCallError`, such as EAGAIN at the limit of threads.
    package init(
        name: String, stackSize: Int = 512 << 10, _ body: @escaping @Sendable () -> Void
    ) throws(SystemCallError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        let work = Unmanaged.passRetained(ThreadWork(name: name, body: body))
        var thread = pthread_t()
        let status = withAllSignalsBlocked {
            pthread_create(&thread, &attributes, runThreadWork, work.toOpaque())
        }
        guard status == 0 else {
            work.release()
            throw SystemCallError(
                "pthread_create", on: name, errno: Errno(rawValue: status),
                remedy: "raise TasksMax= or LimitNPROC=")
        }
        handle = thread
    }

    deinit {
        pthread_detach(handle)
    }

    /// Waits for the thread to end; without this it keeps running.
    package consuming func join() {
        let handle = self.handle
        discard self
        pthread_join(handle, nil)
    }
}

/// What travels to a new thread.
private final class ThreadWork: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

/// The entry of every background thread.
private func runThreadWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue()
    // Neither can keep the work from being done: a missing name or class is no reason not to start.
    _ = clinux_name_thread(String(decoding: work.name.utf8.prefix(15), as: UTF8.self))
    _ = clinux_leave_realtime()
    work.body()
    return nil
}

/// Runs `body` with every signal blocked, so that a thread it starts has them blocked from its first moment.
private func withAllSignalsBlocked<Result>(_ body: () -> Result) -> Result {
    var all = sigset_t()
    var former = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &former)
    defer { pthread_sigmask(SIG_SETMASK, &former, nil) }
    return body()
}

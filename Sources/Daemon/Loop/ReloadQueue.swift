internal import LinuxIO
internal import StatusAPI
internal import Synchronization

/// Reads the configuration again in a thread of its own, once for all that ask while it is being read.
struct ReloadQueue {
    /// Where the thread leaves what it has read.
    private final class Mailbox: Sendable {
        let result = Mutex<Result<FreshConfiguration, ReloadFailure>?>(nil)
    }

    /// What came of it, and which clients wait to hear of it.
    struct Outcome {
        let clients: [UInt64]
        let result: Result<FreshConfiguration, ReloadFailure>
    }

    private let path: String
    private let wakeup: WakeupDescriptor
    private let mailbox = Mailbox()
    private var isReading = false
    /// Those whose request is being answered, and those that asked later: files may have changed in between.
    private var (present, next): ([UInt64], [UInt64]) = ([], [])
    private var isWanted = false

    /// Reads `path`, and wakes the loop by `wakeup` when it has.
    init(path: String, wakeup: WakeupDescriptor) { (self.path, self.wakeup) = (path, wakeup) }

    /// Asks for another configuration, on behalf of clients or of a signal.
    mutating func ask(for clients: [UInt64]) {
        next += clients
        isWanted = true
    }

    /// Begins to read if a client wants it, and nothing is being read.
    ///
    /// - Returns: whether it has begun.
    mutating func begin() -> Bool {
        guard isWanted, !isReading else { return false }
        (isWanted, isReading, present, next) = (false, true, next, [])
        let (path, wakeup, mailbox) = (path, wakeup, mailbox)
        do throws(SystemCallError) {
            // The parser recurses: it gets as much space as the main thread would give it for a file that is allowed.
            _ = try BackgroundThread(name: "configuration", stackSize: 2 << 20) {
                let result = Result { () throws(ReloadFailure) in try FreshConfiguration(path: path) }
                mailbox.result.withLock { $0 = result }
                wakeup.signal()
            }
        } catch {
            let failure = ReloadFailure(errors: ["\(path): it cannot be read now: \(error)"])
            mailbox.result.withLock { $0 = .failure(failure) }
            wakeup.signal()
        }
        return true
    }

    /// What was read, once.
    mutating func take() -> Outcome? {
        let result = mailbox.result.withLock { $0.take() }
        guard let result else { return nil }
        defer { (isReading, present) = (false, []) }
        return Outcome(clients: present, result: result)
    }
}

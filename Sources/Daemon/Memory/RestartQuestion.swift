internal import LinuxIO
internal import Synchronization
internal import Systemd

/// Whether the service manager stops us only to start us again.
enum RestartQuestion {
    /// For so long an answer is waited for, in milliseconds; without one the stop is taken to be for good.
    private static let patience: Int32 = 500

    private final class Answer: Sendable {
        let isRestart = Mutex(false)
    }

    /// Asks it; the message bus may have to be started for that, and may not answer.
    static func ask() -> Bool {
        let answer = Answer()
        guard let done = try? WakeupDescriptor(),
            (try? BackgroundThread(name: "job") {
                let isRestart = ServiceJob.isRestart()
                answer.isRestart.withLock { $0 = isRestart }
                done.signal()
            }) != nil
        else { return false }
        try? done.wait(milliseconds: patience)
        return answer.isRestart.withLock { $0 }
    }
}

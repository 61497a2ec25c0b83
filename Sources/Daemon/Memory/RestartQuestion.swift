internal import LinuxIO
internal import Synchronization
internal import Systemd

/// Whether the service manager stops us only to start us again, immediately or after a reboot.
enum RestartQuestion {
    /// For so long an answer is waited for, in milliseconds.
    private static let patience: Int32 = 500

    private final class Answer: Sendable {
        let job = Mutex(ServiceJob?.none)
    }

    /// Asks it; the message bus may have to be started for that.
    ///
    /// - Returns: what it does; `nil` where it does not answer in time.
    static func ask() -> ServiceJob? {
        let answer = Answer()
        guard let done = try? WakeupDescriptor(),
            (try? BackgroundThread(name: "job") {
                let job = ServiceJob.present()
                answer.job.withLock { $0 = job }
                done.signal()
            }) != nil
        else { return nil }
        try? done.wait(milliseconds: patience)
        return answer.job.withLock { $0 }
    }
}

internal import LinuxIO
internal import Synchronization
internal import Systemd

/// Whether the service manager stops us only to start us again, immediately or after a reboot.
enum RestartQuestion {
    /// For so long an answer is waited for, in milliseconds; without one the stop is taken to be for good.
    private static let patience: Int32 = 500

    private final class Answer: Sendable {
        let job = Mutex(ServiceJob.stop)
    }

    /// Asks it; the message bus may have to be started for that, and may not answer.
    static func ask() -> ServiceJob {
        let answer = Answer()
        guard let done = try? WakeupDescriptor(),
            (try? BackgroundThread(name: "job") {
                let job = ServiceJob.present()
                answer.job.withLock { $0 = job }
                done.signal()
            }) != nil
        else { return .stop }
        try? done.wait(milliseconds: patience)
        return answer.job.withLock { $0 }
    }
}

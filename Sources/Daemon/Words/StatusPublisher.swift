internal import FailureDetection
internal import Systemd

/// When to report what to the service manager: its watchdog in time, the status line when it has changed.
///
/// The line is sent at most once a second, since PID 1 handles each, and again every ten seconds, so that lengths of
/// time in it do not go stale.
struct StatusPublisher {
    private static let shortestPause = TimeSpan.seconds(1)
    private static let longestPause = TimeSpan.seconds(10)

    private let watchdogPeriod: TimeSpan?
    private var nextWatchdog: Instant
    private var nextStatus: Instant
    private var lastText = ""

    init(watchdogPeriod: TimeSpan?, at now: Instant) {
        self.watchdogPeriod = watchdogPeriod
        nextWatchdog = watchdogPeriod == nil ? .never : now
        nextStatus = now
    }

    /// When something is to be sent next at the latest.
    var deadline: Instant { min(nextWatchdog, nextStatus) }

    /// Something has changed: check the status line as soon as the pause allows.
    mutating func changed(at now: Instant) {
        nextStatus = min(nextStatus, max(now, lastSent + Self.shortestPause))
    }

    private var lastSent = Instant(nanoseconds: 0)

    /// What falls due by `now`; `text` makes the status line.
    mutating func due(at now: Instant, text: () -> String) -> [Notification] {
        var notifications: [Notification] = []
        if let watchdogPeriod, now >= nextWatchdog {
            nextWatchdog = now + watchdogPeriod
            notifications.append(.watchdog)
        }
        if now >= nextStatus {
            nextStatus = now + Self.longestPause
            let line = text()
            if line != lastText {
                lastText = line
                lastSent = now
                notifications.append(.status(line))
            }
        }
        return notifications
    }
}

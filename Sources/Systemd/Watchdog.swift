internal import CSystemd

/// The service manager's watchdog (`WatchdogSec=` of the unit).
package enum Watchdog {
    /// How often the event loop has to send ``Notification/watchdog``: half the manager's period.
    ///
    /// Half, so that one ping that comes late is forgiven. `nil` when the manager watches no sign of life of this
    /// process: the variables are absent, meant for another process, or not a number.
    package static func interval() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds / 2))
    }
}

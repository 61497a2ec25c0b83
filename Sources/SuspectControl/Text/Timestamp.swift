internal import Glibc
internal import Metrics

/// Points in time as people read them, in the local time zone.
enum Timestamp {
    /// `2026-11-22 22:18:19.123`.
    static func text(_ microseconds: Int) -> String {
        let parts = calendar(microseconds)
        let month = FixedDigits.padded(Int(parts.tm_mon) + 1, digits: 2)
        let day = FixedDigits.padded(Int(parts.tm_mday), digits: 2)
        return "\(Int(parts.tm_year) + 1900)-\(month)-\(day) \(clock(microseconds))"
    }

    /// `22:18:19.123`.
    static func clock(_ microseconds: Int) -> String {
        let parts = calendar(microseconds)
        let numbers = [parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            FixedDigits.padded(Int($0), digits: 2)
        }
        let milliseconds = max(0, microseconds) % 1_000_000 / 1000
        return numbers.joined(separator: ":") + "." + FixedDigits.padded(milliseconds, digits: 3)
    }

    private static func calendar(_ microseconds: Int) -> tm {
        var seconds = time_t(max(0, microseconds) / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return parts
    }
}

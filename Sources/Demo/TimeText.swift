internal import Glibc

/// Times as the demo shows them.
enum TimeText {
    /// A length of time: `850 µs`, `180 ms`, `4.2 s`, `3 min`.
    static func duration(nanoseconds: Int64) -> String {
        let microseconds = max(0, nanoseconds / 1_000)
        switch microseconds {
        case ..<1_000: return "\(microseconds) µs"
        case ..<1_000_000: return "\(microseconds / 1_000) ms"
        case ..<120_000_000: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
        default: return "\(microseconds / 60_000_000) min"
        }
    }

    /// Seconds with three digits after the point.
    static func seconds(nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds / 1_000_000)
        return "\(milliseconds / 1_000).\(padded(milliseconds % 1_000, 3))"
    }

    /// A moment of the day, local time, to the millisecond.
    static func clock(microseconds: Int) -> String {
        var seconds = time_t(microseconds / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let day = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int64($0), 2) }
        return "\(day.joined(separator: ":")).\(padded(Int64(microseconds / 1_000 % 1_000), 3))"
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

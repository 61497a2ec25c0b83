internal import Metrics
internal import StatusAPI

/// Durations as people read and write them.
enum HumanDuration {
    private static let second = 1_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    private static let day = 24 * hour

    /// `350 µs`, `4.2 ms`, `180 ms`, `4.2 s`, `3 min 20 s`, `5 h 2 min`, `12 d 3 h`.
    static func text(_ microseconds: Int) -> String {
        let value = max(0, microseconds)
        return switch value {
        case ..<1000: "\(value) µs"
        case ..<10_000: "\(FixedDigits.decimal(value, unit: 1000, digits: 1)) ms"
        case ..<second: "\(value / 1000) ms"
        case ..<minute: "\(FixedDigits.decimal(value, unit: second, digits: 1)) s"
        case ..<hour: "\(value / minute) min \(value % minute / second) s"
        case ..<day: "\(value / hour) h \(value % hour / minute) min"
        default: value % day < hour ? "\(value / day) d" : "\(value / day) d \(value % day / hour) h"
        }
    }

    /// The time from one instant to a later one, both in microseconds as a server sent them; 0 for an earlier one.
    static func text(from begin: Int, to end: Int) -> String { text(end.minus(begin)) }

    /// The time between two instants, whichever comes first.
    static func distance(_ one: Int, _ other: Int) -> String {
        text(one < other ? other.minus(one) : one.minus(other))
    }

    /// `500ms`, `90s`, `1d`: a duration as `parse` reads it, in the largest unit that leaves no remainder.
    static func written(_ microseconds: Int) -> String {
        let units = [("d", day), ("h", hour), ("min", minute), ("s", second), ("ms", 1_000)]
        guard let (name, unit) = units.first(where: { microseconds > 0 && microseconds.isMultiple(of: $0.1) })
        else { return microseconds == 0 ? "0s" : "\(microseconds)us" }
        return "\(microseconds / unit)\(name)"
    }

    /// Reads `500ms`, `30s`, `2min` or `1h` into microseconds; `nil` when it is none of these.
    static func parse(_ text: String) -> Int? {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["us": 1, "ms": 1000, "s": second, "min": minute, "h": hour, "d": day]
        guard let count = Int(number), let unit = units[String(text.dropFirst(number.count))] else {
            return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        // A week is longer than anyone waits, and far from where deadlines overflow.
        return overflow || product > 7 * day ? nil : product
    }
}

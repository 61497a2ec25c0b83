/// Wall-clock times as logs write them: `2026-11-22T19:40:11.123456Z`, always UTC.
public enum WallTime {
    /// The text of a time.
    ///
    /// - Parameters:
    ///   - microseconds: since 1970; times before it are written as 1970 itself.
    ///   - digits: digits after the second, 0 to 6.
    /// - Returns: the time, cut off and not rounded.
    public static func text(_ microseconds: Int64, digits: Int = 6) -> String {
        var bytes: [UInt8] = []
        append(microseconds, digits: digits, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a time; every entry of a log begins with one.
    static func append(_ microseconds: Int64, digits: Int = 6, to bytes: inout [UInt8]) {
        let time = max(0, microseconds)
        let (year, month, day) = calendarDay(time / 86_400_000_000)
        let second = time / 1_000_000 % 86_400
        append(year, 4, UInt8(ascii: "-"), &bytes)
        append(month, 2, UInt8(ascii: "-"), &bytes)
        append(day, 2, UInt8(ascii: "T"), &bytes)
        append(second / 3_600, 2, UInt8(ascii: ":"), &bytes)
        append(second / 60 % 60, 2, UInt8(ascii: ":"), &bytes)
        append(second % 60, 2, digits > 0 ? UInt8(ascii: ".") : UInt8(ascii: "Z"), &bytes)
        guard digits > 0 else { return }
        append(time % 1_000_000, 6, UInt8(ascii: "Z"), &bytes)
        if digits < 6 { bytes.removeSubrange((bytes.count - 7 + digits)..<(bytes.count - 1)) }
    }

    /// Reads a time; `nil` when `text` is none in this form, or before 1970 or after 9999.
    ///
    /// Digits beyond the microsecond are passed over.
    public static func microseconds(_ text: some Collection<UInt8>) -> Int64? {
        var reader = DigitReader(bytes: Array(text.prefix(40)))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T"), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), reader.take(":"), let second = reader.number(2)
        else { return nil }
        let fraction = reader.take(".") ? reader.fraction() : 0
        guard let fraction, reader.take("Z"), reader.isAtEnd, year >= 1970 else { return nil }
        guard 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60 else { return nil }
        let seconds = ((dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        return seconds * 1_000_000 + fraction
    }

    /// Appends a number of at least `width` digits, and what follows it.
    private static func append(_ value: Int64, _ width: Int, _ end: UInt8, _ bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        while rest > 0 || bytes.count - start < width {
            bytes.append(UInt8(truncatingIfNeeded: 0x30 + rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
        bytes.append(end)
    }

    /// Days since 1970 of a day of the Gregorian calendar; years begin in March, so that leap days come last.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func calendarDay(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = shifted / 146_097 * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

/// Reads numbers of fixed width from a few bytes.
private struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Up to any number of digits as millionths.
    mutating func fraction() -> Int64? {
        guard var value = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            if count < 6 { value = value * 10 + digit }
            count += 1
        }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digit() -> Int64? {
        guard position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 else { return nil }
        position += 1
        return Int64(bytes[position - 1] - 0x30)
    }
}

/// A duration as it is written in the file: a decimal number and its unit, `"200ms"` or `"2.5s"`.
enum DurationText {
    /// Why a text is no duration.
    enum Failure: Error, Equatable {
        case noNumber
        case noUnit
        case negative
        case unknownUnit(String)
        case tooLong
    }

    /// The units with their length in nanoseconds, longest first.
    static let units: [(name: String, nanoseconds: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("min", 60_000_000_000),
        ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]

    /// Reads `"200ms"`, `"1s"`, `"2.5s"`, `"1min"`, `"30d"`; digits below a nanosecond are dropped.
    static func parse(_ text: String) throws(Failure) -> Duration {
        if text.hasPrefix("-") { throw .negative }
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        let name = String(text.dropFirst(number.count))
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { throw .noNumber }
        let fraction = parts.count > 1 ? parts[1] : "0"
        guard !fraction.isEmpty, !fraction.contains(".") else { throw .noNumber }
        if name.isEmpty { throw .noUnit }
        guard let unit = units.first(where: { $0.name == name }) else { throw .unknownUnit(name) }
        return try duration(whole: whole, fraction: fraction, unit: unit.nanoseconds)
    }

    private static func duration(
        whole: Substring, fraction: Substring, unit: Int64
    ) throws(Failure) -> Duration {
        guard let count = Int64(whole) else { throw .tooLong }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit)
        if overflow { throw .tooLong }
        var rest: Int64 = 0
        var scale = unit
        for digit in fraction.compactMap(\.wholeNumberValue) {
            scale /= 10
            rest += Int64(digit) * scale
        }
        let (sum, sumOverflow) = nanoseconds.addingReportingOverflow(rest)
        if sumOverflow { throw .tooLong }
        return .nanoseconds(sum)
    }

    /// Writes `duration` in the longest unit that needs no fraction, so that `parse` reads back the same.
    static func format(_ duration: Duration) -> String {
        let nanoseconds = duration.wholeNanoseconds
        guard nanoseconds != 0 else { return "0s" }
        for unit in units where nanoseconds % unit.nanoseconds == 0 {
            return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
        }
        return "\(nanoseconds)ns"
    }

    /// What is wrong with `text`, and the remedy.
    static func explain(_ failure: Failure, of text: String) -> (problem: String, remedy: String) {
        let example = "write a number with its unit, for example \"200ms\""
        switch failure {
        case .noUnit:
            return ("\(quoted(text)) has no unit", "write \"\(text)ms\" or \"\(text)s\"")
        case .negative:
            return ("\(quoted(text)) is negative", example)
        case .unknownUnit(let unit):
            let names = alternatives(units.reversed().map(\.name))
            return ("\(quoted(text)) has the unknown unit \(quoted(unit))", "use \(names), without a space")
        case .tooLong:
            return (
                "\(quoted(text)) is longer than can be counted in nanoseconds", "write a shorter duration"
            )
        case .noNumber:
            return ("\(quoted(text)) is not a duration", example)
        }
    }
}

extension Duration {
    /// The duration in nanoseconds; every duration of a configuration fits.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

internal import StatusAPI

/// Numbers with a fixed count of digits.
package enum FixedDigits {
    /// `value / unit` with so many digits after the point; what follows them is cut off, not rounded,
    /// so that 59.99 s never reads as a minute.
    /// - Parameters:
    ///   - value: any number; of a negative one the amount follows a minus sign.
    ///   - unit: what makes 1; positive.
    ///   - digits: 0 and more.
    /// - Returns: such as `4.20`.
    package static func decimal(_ value: Int, unit: Int, digits: Int) -> String {
        guard value >= 0 else { return "-" + decimal(0.minus(value), unit: unit, digits: digits) }
        guard digits > 0 else { return "\(value / unit)" }
        var rest = value % unit
        var text = "\(value / unit)."
        for _ in 0..<digits {
            // The remainder is smaller than the unit, so this overflows for units above 10^17 alone.
            rest *= 10
            text += "\(rest / unit)"
            rest %= unit
        }
        return text
    }

    /// A number filled up with zeros from the left.
    package static func padded(_ value: Int, digits: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// A share of a thousand as a percentage.
    package static func percent(perMille: Int) -> String {
        perMille == 0 ? "0 %" : "\(decimal(max(0, perMille), unit: 10, digits: 1)) %"
    }
}

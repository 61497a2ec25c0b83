/// Numbers as text, without a locale.
package enum DecimalText {
    /// A number with so many digits after the point, rounded; `-` for what is no finite number.
    ///
    /// - Parameters:
    ///   - value: below 10^15 in size with its digits; larger ones are written as Swift writes them.
    ///   - digits: 0 to 12.
    /// - Returns: such as `-12.30`.
    package static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "-" }
        let factor = (0..<min(max(digits, 0), 12)).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = (abs(value) * factor).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        return text(Int64(scaled), isNegative: value < 0 && scaled > 0, unit: Int64(factor), digits: digits)
    }

    /// A number with so many significant digits, such as 0.00123 or 45.6; without an exponent where it is short.
    package static func significant(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "-" }
        var exponent = 0
        var size = abs(value)
        while size >= 10, exponent < 300 { (size, exponent) = (size / 10, exponent + 1) }
        while size < 1, exponent > -300 { (size, exponent) = (size * 10, exponent - 1) }
        let after = digits - 1 - exponent
        guard after <= 12 else { return "\(value)" }
        return fixed(value, digits: max(after, 0))
    }

    /// `value / unit` in decimal, cut off after `digits` digits; exact.
    static func quotient(_ value: Int64, unit: Int64, digits: Int) -> String {
        let scale = (0..<digits).reduce(Int128(1)) { scale, _ in scale * 10 }
        let scaled = Int128(value.magnitude) * scale / Int128(unit)
        let whole = scaled / scale
        return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)." + padded("\(scaled % scale)", digits)
    }

    private static func text(_ scaled: Int64, isNegative: Bool, unit: Int64, digits: Int) -> String {
        let sign = isNegative ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        return "\(sign)\(scaled / unit)." + padded("\(scaled % unit)", digits)
    }

    private static func padded(_ digits: String, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}

/// Rows of text in columns that line up.
struct TextTable {
    private var rows: [[String]] = []

    /// A table that begins with a heading.
    init(heading: [String] = []) { rows = heading.isEmpty ? [] : [heading] }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The table; the first column is set to the left, the others to the right.
    var text: String { rows.map(line).joined(separator: "\n") }

    /// The last row as it lines up with those before.
    var lastLine: String { rows.last.map(line) ?? "" }

    private func line(_ row: [String]) -> String {
        row.enumerated().map { column, cell in
            // Rows to come may have longer cells than the heading.
            let width = rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
            let space = String(repeating: " ", count: max(width, 7) - cell.count)
            return column == 0 ? cell + space : space + cell
        }.joined(separator: "  ")
    }
}

extension Double {
    /// Two or three significant digits, in powers of ten where that is shorter: `0.056`, `2.3e-05`, `270`.
    var short: String {
        guard self != 0, isFinite else { return "0" }
        var (mantissa, exponent) = (abs(self), 0)
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        let digits = (mantissa * 10).rounded() / 10
        if exponent >= 6 || exponent <= -4 { return "\(digits)e\(exponent)" }
        var scale = 1.0
        for _ in 0..<abs(exponent) { scale *= 10 }
        let value = exponent < 0 ? digits / scale : digits * scale
        return exponent >= 2 ? "\(Int(value.rounded()))" : "\((value * 10_000).rounded() / 10_000)"
    }

    /// Seconds as whole milliseconds with their unit.
    var milliseconds: String { "\(Int((self * 1_000).rounded())) ms" }
}

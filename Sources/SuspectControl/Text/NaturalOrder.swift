extension String {
    /// Whether this name comes before another as people sort names: runs of digits by their value, so `web-2` before
    /// `web-10`.
    func isBefore(_ other: String) -> Bool {
        var (left, right) = (Substring(self), Substring(other))
        while let first = left.first, let second = right.first {
            if first.isDigit, second.isDigit {
                let (one, two) = (left.takeNumber(), right.takeNumber())
                if one.count != two.count { return one.count < two.count }
                if one != two { return one < two }
            } else if first != second {
                return first < second
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        // Names that differ in leading zeros alone still have an order.
        return left.isEmpty && right.isEmpty ? self < other : left.isEmpty
    }
}

extension Substring {
    /// Removes the digits at the front, and returns them without leading zeros.
    fileprivate mutating func takeNumber() -> Substring {
        let digits = prefix { $0.isDigit }
        removeFirst(digits.count)
        return digits.drop { $0 == "0" }
    }
}

extension Character {
    fileprivate var isDigit: Bool { isASCII && isNumber }
}

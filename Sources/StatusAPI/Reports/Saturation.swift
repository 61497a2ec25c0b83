/// Arithmetic for what a server sends: it may be any number, and none may end the program that shows it.
///
/// The results stay at the nearest bound of `Int` where the exact ones do not fit; what such a number says is nonsense
/// anyway.
extension Int {
    /// The sum, between `Int.min` and `Int.max`.
    package func plus(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, between `Int.min` and `Int.max`.
    package func minus(_ other: Int) -> Int {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// The product, between `Int.min` and `Int.max`.
    package func times(_ factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? ((self < 0) == (factor < 0) ? .max : .min) : product
    }
}

internal import Glibc

/// Maps values to positions on the paper.
struct PlotScale: Sendable {
    private let range: ClosedRange<Double>
    private let places: (from: Double, to: Double)
    private let isLogarithmic: Bool

    /// A scale from the values `range` to the positions `from` … `to`.
    init(_ range: ClosedRange<Double>, from: Double, to: Double, isLogarithmic: Bool = false) {
        self.range = range
        places = (from, to)
        self.isLogarithmic = isLogarithmic
    }

    /// Whether `value` lies on the paper.
    func contains(_ value: Double) -> Bool { range.contains(value) }

    /// The position of `value`.
    func place(_ value: Double) -> Double {
        let share =
            isLogarithmic
            ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
            : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return places.from + share * (places.to - places.from)
    }

    /// Round values to mark: powers of ten, or multiples of 1, 2 or 5 of one.
    var ticks: [Double] {
        if isLogarithmic {
            let first = Int(log10(range.lowerBound).rounded(.up))
            let last = Int(log10(range.upperBound).rounded(.down))
            return first <= last ? (first...last).map { pow(10, Double($0)) } : []
        }
        let rough = (range.upperBound - range.lowerBound) / 6
        let power = pow(10, log10(rough).rounded(.down))
        let step = power * ([1, 2, 5].first { $0 * power >= rough } ?? 10)
        let first = Int((range.lowerBound / step).rounded(.up))
        let last = Int((range.upperBound / step).rounded(.down))
        return first <= last ? (first...last).map { Double($0) * step } : []
    }
}

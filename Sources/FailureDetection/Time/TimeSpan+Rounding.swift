extension TimeSpan {
    /// The length nearest to `nanoseconds`, saturated; zero for what is no number.
    package init(rounding nanoseconds: Double) {
        guard !nanoseconds.isNaN else {
            self = .zero
            return
        }
        let rounded = nanoseconds.rounded(.toNearestOrEven)
        self.init(nanoseconds: Int64(exactly: rounded) ?? (rounded < 0 ? .min : .max))
    }
}

extension TimeSpan {
    /// The length of a duration, in whole nanoseconds, rounded towards zero; saturated beyond 292 years.
    public init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + TimeSpan(nanoseconds: attoseconds / 1_000_000_000)
    }
}

extension Duration {
    /// The duration of a length of time; nothing is lost.
    public init(_ span: TimeSpan) { self = .nanoseconds(span.nanoseconds) }
}

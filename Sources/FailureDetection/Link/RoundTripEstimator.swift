/// The smoothed round-trip time of one link and the timeout that follows from it: RFC 6298.
///
/// Samples are exact for retransmissions too, because every ping has a nonce and every acknowledgement a number, so
/// Karn's rule is not needed. The term 4 · RTTVAR has a floor of 7 ms: on a quiet path it tends to zero, and the timeout
/// would be tripped by microseconds of noise.
struct RoundTripEstimator: Sendable, BitwiseCopyable {
    /// The least that is added to the smoothed round trip.
    static let granularity = TimeSpan.milliseconds(7)
    /// What is allowed for a round trip that was never measured, or that no longer matters.
    static let allowance = TimeSpan.milliseconds(10)

    /// SRTT; `nil` before the first sample.
    private(set) var smoothed: TimeSpan?
    /// RTTVAR, the smoothed deviation; shown as jitter.
    private(set) var variation = TimeSpan.zero

    /// Learns a sample: gains of 1/8 and 1/4 as in RFC 6298, section 2.3.
    mutating func record(_ sample: TimeSpan) {
        guard let smoothed else {
            self.smoothed = sample
            variation = sample / 2
            return
        }
        let deviation = max(smoothed - sample, sample - smoothed)
        variation = variation + (deviation - variation) / 4
        self.smoothed = smoothed + (sample - smoothed) / 8
    }

    /// How long to wait for a pong: SRTT + max(7 ms, 4 · RTTVAR), within the given bounds.
    ///
    /// A lower bound below 7 ms replaces these 7 ms: it is set by an operator who knows the link to be fast.
    ///
    /// Without a sample it is the lower bound and the allowance: the first ping is repeated soon, and the repeats are
    /// few.
    func timeout(atLeast minimum: TimeSpan, atMost maximum: TimeSpan) -> TimeSpan {
        guard let smoothed else { return min(minimum + Self.allowance, maximum) }
        let granularity = min(Self.granularity, minimum)
        return min(max(smoothed + max(granularity, variation * 4), minimum), maximum)
    }

    /// Continues with what was learnt before.
    mutating func resume(_ smoothed: TimeSpan?, variation: TimeSpan) {
        self.smoothed = smoothed.map { max($0, .zero) }
        self.variation = max(variation, .zero)
    }

    /// Forgets all samples.
    mutating func reset() { self = RoundTripEstimator() }
}

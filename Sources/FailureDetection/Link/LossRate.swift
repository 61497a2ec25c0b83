/// The share of datagrams lost in one direction of a link, over the last few hundred.
///
/// Old counts are halved whenever 512 are reached, so the rate follows the link and the sums stay small.
struct LossRate: Sendable, BitwiseCopyable {
    private static let window: UInt64 = 512

    private var expected: UInt64 = 0
    private var arrived: UInt64 = 0

    /// What was counted, to be kept.
    var counts: LossCounts { LossCounts(expected: expected, arrived: arrived) }

    /// Lost datagrams per thousand, 0 to 1,000; 0 before anything was expected.
    var perMille: Int {
        guard expected > 0, arrived < expected else { return 0 }
        return Int((expected - arrived) * 1_000 / expected)
    }

    /// The same when one more was lost.
    var perMilleAfterLoss: Int {
        var next = self
        next.count(expected: 1, arrived: 0)
        return next.perMille
    }

    /// Continues with what was kept.
    mutating func resume(_ counts: LossCounts) { count(expected: counts.expected, arrived: counts.arrived) }

    /// Counts datagrams of which some are known to have arrived.
    mutating func count(expected newlyExpected: UInt64, arrived newlyArrived: UInt64) {
        expected += min(newlyExpected, Self.window)
        arrived += min(newlyArrived, Self.window)
        while expected >= Self.window {
            expected /= 2
            arrived /= 2
        }
    }
}

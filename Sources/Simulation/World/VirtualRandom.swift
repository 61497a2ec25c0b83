internal import CMath
package import FailureDetection

/// The only source of chance in a simulated world.
///
/// Everything that happens follows from one seed, so that a failing run can be repeated on any machine.
package struct VirtualRandom: RandomNumberGenerator, Sendable, BitwiseCopyable {
    private var generator: SplitMix64

    /// A generator whose numbers follow from `seed` alone.
    package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The next number.
    package mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 up to, but not including, 1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Whether something happens that has this probability.
    package mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && fraction() < probability
    }

    /// A whole number from 0 up to, but not including, `bound`, which must be positive.
    package mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A length from nothing up to `longest`.
    package mutating func upTo(_ longest: TimeSpan) -> TimeSpan {
        guard longest > .zero else { return .zero }
        return TimeSpan(nanoseconds: Int64(fraction() * Double(longest.nanoseconds)))
    }

    /// A length within `range`.
    package mutating func within(_ range: ClosedRange<TimeSpan>) -> TimeSpan {
        range.lowerBound + upTo(range.upperBound - range.lowerBound)
    }

    /// One of `choices`, of which there must be one.
    package mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// A generator of its own for one part of the world, so that what one part draws leaves the others alone.
    package mutating func fork() -> VirtualRandom { VirtualRandom(seed: next()) }
}

/// Loss in bursts: Gilbert's model (Bell System Technical Journal 39, 1960) in continuous time.
///
/// The link is either good, and loses nothing by it, or bad, and loses everything; both last exponentially long. Time
/// drives it and not the datagrams, so that asking more often does not shorten a burst.
package struct BurstLoss: Sendable, BitwiseCopyable, Hashable {
    /// The mean length of a good time.
    package var good: TimeSpan
    /// The mean length of a burst.
    package var bad: TimeSpan

    /// Bursts of a mean length that lose a share of all datagrams, more than 0 and less than 1.
    package init(share: Double, burst: TimeSpan) {
        bad = burst
        good = TimeSpan(nanoseconds: Int64(Double(burst.nanoseconds) * (1 - share) / share))
    }

    /// Whether the link is bad `elapsed` after it was `wasBad`.
    func isBad(after elapsed: TimeSpan, since wasBad: Bool, using random: inout VirtualRandom) -> Bool {
        let (good, bad) = (Double(good.nanoseconds), Double(bad.nanoseconds))
        let share = bad / (good + bad)
        let memory = cmath_exp(-Double(elapsed.nanoseconds) * (1 / good + 1 / bad))
        return random.happens(share + ((wasBad ? 1 : 0) - share) * memory)
    }
}

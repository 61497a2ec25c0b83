internal import FailureDetection

/// The same numbers for the same seed on every machine, so that a failing run can be repeated.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var generator: SplitMix64

    /// A generator whose numbers follow from `seed` alone.
    package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The next number.
    package mutating func next() -> UInt64 { generator.next() }
}

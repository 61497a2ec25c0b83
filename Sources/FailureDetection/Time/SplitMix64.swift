/// Numbers out of one seed, the same on every machine (Steele, Lea and Flood: Fast splittable pseudorandom number
/// generators, 2014).
///
/// Good enough for nonces, which tie a pong to its ping and are no secret: where a liar on the path matters, datagrams
/// are sealed. And for simulated worlds, which must be repeatable.
package struct SplitMix64: RandomNumberGenerator, Sendable, BitwiseCopyable {
    private var state: UInt64

    /// A generator whose numbers follow from `seed` alone.
    package init(seed: UInt64) { state = seed }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

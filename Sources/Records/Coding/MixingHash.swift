/// A keyed hash without cryptography, for simulations and tests: it mixes a byte after the other, as SplitMix64 does.
///
/// Anyone can find two records with one hash; the daemon has BLAKE2b for it (`Sealing`).
package struct MixingHash: KeyedHash {
    private let key: UInt64

    /// The hash with a key.
    package init(key: UInt64 = 0) { self.key = key }

    /// 64 bits of the hash of `bytes`.
    package func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state = key ^ UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        for index in 0..<bytes.count {
            state = (state ^ UInt64(bytes[index])) &* 0x100_0000_01B3
            state ^= state >> 29
        }
        state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        return state ^ (state >> 31)
    }
}

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of datagrams that are not sealed.
///
/// UDP's own checksum misses what is damaged outside the wire, and one flipped bit in an epoch would retire a living
/// peer. CRC-32C finds every error of up to three bits at these lengths. It keeps out damage, not liars: for those
/// datagrams are sealed.
package enum Checksum {
    /// Eight tables of 256: the byte *b*, followed by *k* zeros, changes the checksum by `table[256 k + b]`.
    private static let table: [UInt32] = {
        var table: [UInt32] = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            return value
        }
        for place in 256..<2_048 {
            let shorter = table[place - 256]
            table.append(shorter >> 8 ^ table[Int(shorter & 0xFF)])
        }
        return table
    }()

    /// The checksum of `bytes`.
    package static func crc32c(_ bytes: [UInt8]) -> UInt32 { crc32c(bytes.span, zeroingFourAt: bytes.count) }

    /// The checksum of `bytes` with the four at `hole` taken as zero.
    static func crc32c(_ bytes: Span<UInt8>, zeroingFourAt hole: Int) -> UInt32 {
        let table = table.span
        var crc = UInt32.max
        // Up to the end of the hole byte by byte, then eight at a time (Kounavis and Berry, "Novel Table Lookup-Based
        // Algorithms for High-Performance CRC Generation", 2008).
        let start = hole < bytes.count ? min(hole + 4, bytes.count) : 0
        for index in 0..<start { add(index >= hole && index < hole + 4 ? 0 : bytes[index], to: &crc, table) }
        var index = start
        while index + 8 <= bytes.count {
            let low = crc ^ word(bytes, at: index)
            let high = word(bytes, at: index + 4)
            crc = changes(by: low, followedBy: 4, table) ^ changes(by: high, followedBy: 0, table)
            index += 8
        }
        while index < bytes.count {
            add(bytes[index], to: &crc, table)
            index += 1
        }
        return ~crc
    }

    private static func add(_ byte: UInt8, to crc: inout UInt32, _ table: Span<UInt32>) {
        crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)]
    }

    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }

    /// What four bytes, the first of them lowest in `word`, change when so many zeros follow.
    private static func changes(by word: UInt32, followedBy zeros: Int, _ table: Span<UInt32>) -> UInt32 {
        let last = 256 * zeros
        return table[last + 768 + Int(word & 0xFF)] ^ table[last + 512 + Int(word >> 8 & 0xFF)]
            ^ table[last + 256 + Int(word >> 16 & 0xFF)] ^ table[last + Int(word >> 24)]
    }
}

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
            var word = UInt64(crc)
            for place in 0..<8 { word ^= UInt64(bytes[index + place]) << UInt64(8 * place) }
            crc = 0
            // The first byte is followed by seven others, the last by none.
            for place in 0..<8 { crc ^= table[256 * (7 - place) + Int(word >> UInt64(8 * place) & 0xFF)] }
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
}

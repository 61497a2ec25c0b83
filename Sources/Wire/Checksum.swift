/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of datagrams that are not sealed.
///
/// UDP's own checksum misses what is damaged outside the wire, and one flipped bit in an epoch would retire a living
/// peer. CRC-32C finds every error of up to three bits at these lengths. It keeps out damage, not liars: for those
/// datagrams are sealed.
package enum Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
        return value
    }

    /// The checksum of `bytes`.
    package static func crc32c(_ bytes: [UInt8]) -> UInt32 { crc32c(bytes.span, zeroingFourAt: bytes.count) }

    /// The checksum of `bytes` with the four at `hole` taken as zero.
    static func crc32c(_ bytes: Span<UInt8>, zeroingFourAt hole: Int) -> UInt32 {
        var crc = UInt32.max
        for index in 0..<bytes.count {
            let byte = index >= hole && index < hole + 4 ? 0 : bytes[index]
            crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xFF)]
        }
        return ~crc
    }
}

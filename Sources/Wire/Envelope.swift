internal import FailureDetection

/// The outermost bytes of a datagram: which version of the protocol, and how the rest is protected.
///
///     u8     version     1
///     u8     protection  0 = checksum; 1 is reserved for sealing
///     u32le  CRC-32C of all bytes, these four taken as zero      (protection 0)
///     …      body, see `MessageLayout`
///
/// A sealed datagram keeps the first two bytes and puts nonce and ciphertext in place of checksum and body: the body
/// inside is the same.
package enum Envelope {
    /// The version this daemon speaks.
    package static let version: UInt8 = 1
    /// Bytes before the body of a datagram that is protected by a checksum.
    package static let headerLength = 6
    /// The longest datagram.
    ///
    /// IPv6 promises 1,280 bytes without fragmentation, of which headers take 48; a datagram in fragments is
    /// lost as often as each of them is, which would raise false suspicions.
    package static let maximumLength = 1_200

    static let checksummed: UInt8 = 0
    private static let checksumOffset = 2

    /// Checks the envelope of a received datagram.
    ///
    /// - Returns: why the datagram is refused, or `nil` when its body, from `headerLength`, may be read.
    static func refusal(of datagram: Span<UInt8>) -> Refusal? {
        guard datagram.count <= maximumLength else { return .oversized }
        guard datagram.count > headerLength else { return .malformed }
        guard datagram[0] == version else { return .version }
        guard datagram[1] == checksummed else { return .malformed }
        var reader = ByteReader(at: checksumOffset)
        let stated = UInt32(truncatingIfNeeded: reader.fixed(4, datagram))
        return stated == Checksum.crc32c(datagram, zeroingFourAt: checksumOffset) ? nil : .malformed
    }

    /// Begins a datagram.
    static func open(_ writer: inout ByteWriter) {
        writer.removeAll()
        writer.byte(version)
        writer.byte(checksummed)
        writer.fixed(0, width: 4)
    }

    /// Ends a datagram: everything is written.
    static func close(_ writer: inout ByteWriter) {
        let checksum = Checksum.crc32c(writer.bytes.span, zeroingFourAt: checksumOffset)
        writer.replace(at: checksumOffset, with: UInt64(checksum), width: 4)
    }
}

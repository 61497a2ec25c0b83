internal import ByteCoding
internal import FailureDetection

/// The outermost bytes of a datagram: which version of the protocol, and how the rest is protected.
///
///     u8     version     1
///     u8     protection  0 checksum, 1 seal
///
///     0:  u32le  CRC-32C of all bytes, these four taken as zero
///         …      body, see `MessageLayout`
///
///     1:  24     nonce of XChaCha20-Poly1305
///         …      body, encrypted; the first two bytes are authenticated with it
///         16     tag
///
/// A daemon that has keys believes only what they open, one that has none only what carries a checksum: an operator who
/// adds or removes all keys does it on every host. Of a sealed datagram nothing can be read but its length, the
/// version and that it is sealed; even the sender is named inside.
package enum Envelope {
    /// The version this daemon supports.
    package static let version: UInt8 = 1
    /// Bytes before the body of a datagram that is protected by a checksum.
    package static let headerLength = 6
    /// Bytes of the nonce of a sealed datagram.
    package static let nonceLength = 24
    /// Bytes before the body of a sealed datagram: version, protection, nonce.
    package static let sealedHeaderLength = nonceOffset + nonceLength
    /// Bytes after the body of a sealed datagram.
    package static let tagLength = 16
    /// Where the nonce of a sealed datagram begins; the bytes before it are authenticated, not encrypted.
    package static let nonceOffset = 2
    /// The longest datagram.
    ///
    /// IPv6 promises 1,280 bytes without fragmentation, of which headers take 48; a datagram in fragments is
    /// lost as often as each of them is, which would raise false suspicions.
    package static let maximumLength = 1_200

    static let checksummed: UInt8 = 0
    static let sealed: UInt8 = 1
    private static let checksumOffset = 2

    /// Checks the envelope of a received datagram, before anything is spent on it.
    ///
    /// - Parameters:
    ///   - datagram: its bytes.
    ///   - isSealed: whether it has to be sealed; otherwise it has to carry a checksum, which is checked.
    /// - Returns: why the datagram is refused, or `nil` when its body may be read, or opened.
    static func refusal(of datagram: Span<UInt8>, isSealed: Bool) -> Refusal? {
        guard datagram.count <= maximumLength else { return .oversized }
        guard datagram.count > headerLength else { return .malformed }
        guard datagram[0] == version else { return .version }
        switch datagram[1] {
        case checksummed: return isSealed ? .unsealed : refusal(ofChecksummed: datagram)
        case sealed:
            guard isSealed else { return .sealed }
            return datagram.count > sealedHeaderLength + tagLength ? nil : .malformed
        default: return .malformed
        }
    }

    private static func refusal(ofChecksummed datagram: Span<UInt8>) -> Refusal? {
        var reader = ByteReader(at: checksumOffset)
        let stated = UInt32(truncatingIfNeeded: reader.fixed(4, datagram))
        return stated == Checksum.crc32c(datagram, zeroingFourAt: checksumOffset) ? nil : .malformed
    }

    /// How many bytes an envelope adds after the body.
    static func trailerLength(isSealed: Bool) -> Int { isSealed ? tagLength : 0 }

    /// Begins a datagram.
    static func open(_ writer: inout ByteWriter, isSealed: Bool) {
        writer.removeAll()
        writer.byte(version)
        writer.byte(isSealed ? sealed : checksummed)
        let rest = (isSealed ? sealedHeaderLength : headerLength) - nonceOffset
        for _ in 0..<rest { writer.byte(0) }
    }

    /// Ends a datagram: everything is written.
    static func close(_ writer: inout ByteWriter, sealer: (any DatagramSealer)?) {
        if let sealer { return writer.edit { sealer.seal(&$0) } }
        let checksum = Checksum.crc32c(writer.bytes.span, zeroingFourAt: checksumOffset)
        writer.replace(at: checksumOffset, with: UInt64(checksum), width: 4)
    }
}

/// What makes datagrams unreadable and unforgeable for those that have no key.
///
/// The cryptography stands outside of this pure part; an endpoint is given a sealer, or none.
package protocol DatagramSealer: Sendable {
    /// Seals a datagram in place.
    ///
    /// - Parameter datagram: the envelope's `Envelope.sealedHeaderLength` bytes, of which those of the nonce are still
    ///   to be filled, and the body. The body is encrypted, and `Envelope.tagLength` bytes are appended.
    func seal(_ datagram: inout [UInt8])

    /// Opens a datagram.
    ///
    /// - Parameters:
    ///   - datagram: all of its bytes; at least an envelope and a tag.
    ///   - body: takes the body in the clear; kept by the caller, so that nothing is allocated.
    /// - Returns: a number by which the key that opened it is known; `nil` if none did, and then `body` holds nothing.
    func open(_ datagram: Span<UInt8>, into body: inout [UInt8]) -> UInt64?
}

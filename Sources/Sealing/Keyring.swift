internal import CSodium
internal import Wire

/// The keys of a cluster: the first one seals, each of them opens.
///
/// Datagrams are sealed with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), by libsodium.
///
/// A nonce must never come twice with two contents, across restarts and in copies of a running machine too, whose
/// random generators may be copies as well. So a nonce is neither a counter nor merely random: it is a keyed BLAKE2b
/// hash of fresh random bytes *and* the datagram. Should the random bytes ever repeat, two datagrams still have two
/// nonces unless they are the same datagram, and then nothing is learnt from them. With 192 bits no two hashes collide
/// by chance.
package struct Keyring: DatagramSealer {
    /// The most keys that are tried on a datagram: each costs the junk of a flood a microsecond.
    package static let limit = 8

    private let keys: [SealingKey]
    /// The numbers by which the keys are known, in the same order.
    package let fingerprints: [UInt64]

    /// Makes a keyring; `nil` without a key.
    package init?(_ keys: [SealingKey]) {
        guard !keys.isEmpty else { return nil }
        self.keys = keys
        fingerprints = keys.map(\.fingerprint)
    }

    /// Seals a datagram in place with the first key.
    package func seal(_ datagram: inout [UInt8]) {
        let header = Envelope.sealedHeaderLength
        let bodyLength = datagram.count - header
        datagram.append(contentsOf: repeatElement(0, count: Envelope.tagLength))
        let key = keys[0]
        datagram.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            let nonce = start + Envelope.nonceOffset
            fillNonce(at: nonce, of: start, count: header + bodyLength, key: key)
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                start + header, nil, start + header, UInt64(bodyLength), start,
                UInt64(Envelope.nonceOffset), nil, nonce, key.bytes)
        }
    }

    private func fillNonce(
        at nonce: UnsafeMutablePointer<UInt8>, of datagram: UnsafePointer<UInt8>, count: Int, key: SealingKey
    ) {
        randombytes_buf(nonce, Envelope.nonceLength)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Envelope.nonceLength) { hash in
            guard let start = hash.baseAddress else { return }
            crypto_generichash(
                start, Envelope.nonceLength, datagram, UInt64(count), key.nonceKey,
                SealingKey.length)
            for index in 0..<Envelope.nonceLength { nonce[index] = hash[index] }
        }
    }

    /// Opens a datagram with whichever key fits.
    package func open(_ datagram: Span<UInt8>, into body: inout [UInt8]) -> UInt64? {
        body.removeAll(keepingCapacity: true)
        let header = Envelope.sealedHeaderLength
        let bodyLength = datagram.count - header - Envelope.tagLength
        guard bodyLength > 0 else { return nil }
        body.append(contentsOf: repeatElement(0, count: bodyLength))
        let place = datagram.withUnsafeBufferPointer { sealed in
            body.withUnsafeMutableBufferPointer { clear in
                keys.firstIndex { Self.open(sealed, into: clear, with: $0) }
            }
        }
        if place == nil { body.removeAll(keepingCapacity: true) }
        return place.map { fingerprints[$0] }
    }

    private static func open(
        _ sealed: UnsafeBufferPointer<UInt8>, into clear: UnsafeMutableBufferPointer<UInt8>,
        with key: SealingKey
    ) -> Bool {
        guard let start = sealed.baseAddress else { return false }
        let header = Envelope.sealedHeaderLength
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            clear.baseAddress, nil, nil, start + header, UInt64(sealed.count - header), start,
            UInt64(Envelope.nonceOffset), start + Envelope.nonceOffset, key.bytes) == 0
    }
}

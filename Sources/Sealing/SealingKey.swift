internal import CSodium

/// A secret that the hosts of a cluster share.
///
/// Its 32 bytes are kept in memory of libsodium's: outside of core dumps, never swapped out where the limits allow it,
/// and overwritten when the key is dropped.
package final class SealingKey: Sendable {
    /// Bytes of a key.
    package static let length = Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    /// How the line of a key file begins.
    static let prefix = "suspectd-key-1:"

    /// The key of XChaCha20-Poly1305, and after it the one of the nonces.
    nonisolated(unsafe) private let memory: UnsafeMutableRawPointer

    private init() throws(SealingError) {
        guard sodium_init() >= 0 else { throw .noRandomness }
        guard let memory = sodium_malloc(2 * Self.length) else { throw .noMemory }
        self.memory = memory
    }

    deinit { sodium_free(memory) }

    /// Reads the contents of a key file: one line, `suspectd-key-1:` and 64 hexadecimal digits; empty lines and those
    /// that begin with `#` do not count.
    ///
    /// The digits go straight into guarded memory.
    /// - Throws: `SealingError` when it is not one.
    package convenience init(file contents: Span<UInt8>) throws(SealingError) {
        guard let place = KeyFileText.digits(in: contents, count: 2 * Self.length) else { throw .notAKey }
        try self.init()
        for index in 0..<Self.length {
            let high = KeyFileText.value(ofDigit: contents[place + 2 * index])
            let low = KeyFileText.value(ofDigit: contents[place + 2 * index + 1])
            guard let high, let low else { throw .notAKey }
            memory.storeBytes(of: high << 4 | low, toByteOffset: index, as: UInt8.self)
        }
        derive(SealingKey.length, for: "suspectd nonces", to: memory + Self.length)
    }

    /// A number by which this key is known; it says nothing of the key.
    package var fingerprint: UInt64 {
        var digest: (UInt64, UInt64) = (0, 0)
        derive(MemoryLayout.size(ofValue: digest), for: "suspectd fingerprint", to: &digest)
        return digest.0
    }

    /// The contents of a new key file, with a key from the kernel's randomness.
    ///
    /// - Throws: `SealingError.noRandomness` when the kernel gives none.
    package static func newFile() throws(SealingError) -> String {
        guard sodium_init() >= 0 else { throw .noRandomness }
        var bytes = [UInt8](repeating: 0, count: length)
        randombytes_buf(&bytes, bytes.count)
        defer { sodium_memzero(&bytes, bytes.count) }
        return
            "# A key of suspectd: any host that has it can act as any node of the cluster.\n\(prefix)\(Hexadecimal.text(bytes))\n"
    }

    /// The key that seals.
    var bytes: UnsafePointer<UInt8> { UnsafePointer(memory.assumingMemoryBound(to: UInt8.self)) }

    /// The key that nonces are made with.
    var nonceKey: UnsafePointer<UInt8> { bytes + Self.length }

    /// Hashes a label under this key.
    private func derive(_ count: Int, for label: String, to place: UnsafeMutableRawPointer) {
        let label = Array(label.utf8)
        crypto_generichash(
            place.assumingMemoryBound(to: UInt8.self), count, label, UInt64(label.count), bytes, Self.length)
    }
}

/// What is wrong with a key.
package enum SealingError: Error, Sendable {
    /// The file does not hold a key.
    case notAKey
    /// The kernel gives no random numbers.
    case noRandomness
    /// No memory that can be kept from being swapped out.
    case noMemory
}

extension SealingError: CustomStringConvertible {
    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .notAKey:
            "does not hold a key: one line \"\(SealingKey.prefix)\" and 64 hexadecimal digits; make one with "
                + "\"suspectctl key new FILE\""
        case .noRandomness: "the kernel gives no random numbers; is /dev/urandom there?"
        case .noMemory: "no memory can be locked for keys; raise the memory limit of the service"
        }
    }
}

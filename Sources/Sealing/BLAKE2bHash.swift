internal import CSodium
internal import Records

/// The hash of records and of hosts' ids in them: 64 bits of BLAKE2b under a key that is the same everywhere.
///
/// It does not follow from the keys of the cluster. While keys are rotated hosts seal with different ones, and views
/// and digests have to mean the same on all of them. A secret key would keep no secret from a member, and no other can
/// send a record into a cluster with keys.
package struct BLAKE2bHash: KeyedHash {
    private static let key = Array("suspectd records".utf8)
    /// The shortest hash that libsodium computes, in bytes; the first half is used.
    private static let length = 16

    /// The hash.
    package init() {}

    /// 64 bits of the hash of `bytes`.
    package func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var digest = [UInt8](repeating: 0, count: Self.length)
        bytes.withUnsafeBufferPointer { message in
            _ = crypto_generichash(
                &digest, digest.count, message.baseAddress, UInt64(message.count), Self.key, Self.key.count)
        }
        return digest.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

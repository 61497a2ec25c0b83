package import CausalClock
internal import ByteCoding

/// A keyed hash of 64 bits: equal for equal bytes and keys.
///
/// The cryptography stands outside of this pure part: `Sealing` has BLAKE2b, and tests have a simpler one.
package protocol KeyedHash: Sendable {
    /// The hash of `bytes`.
    func hash(_ bytes: Span<UInt8>) -> UInt64
}

/// What is hashed of hosts and of records; the first byte keeps the two apart.
package struct RecordHash: Sendable {
    private static let hostDomain: UInt8 = 0

    private let function: any KeyedHash

    /// Hashes with `function`.
    package init(_ function: any KeyedHash) { self.function = function }

    /// The hash by which views and answers name a host, and by which authors are ordered.
    package func of(host: HostID) -> UInt64 {
        var writer = ByteWriter(capacity: 2 + host.count)
        writer.byte(Self.hostDomain)
        writer.host(host)
        return function.hash(writer.bytes.span)
    }

    /// The hash of a record in its encoded form, which begins with its kind: never 0.
    func of(encoded record: [UInt8]) -> UInt64 { function.hash(record.span) }
}

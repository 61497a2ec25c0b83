internal import CausalClock

/// Bytes being composed into a storage that is kept from datagram to datagram.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    var count: Int { bytes.count }

    /// Removes all bytes and keeps the room.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Removes what was written after the first `count` bytes.
    mutating func truncate(to count: Int) { bytes.removeSubrange(count...) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Bytes that were composed before.
    mutating func append(_ composed: [UInt8]) { bytes.append(contentsOf: composed) }

    /// A host's name, after its length.
    mutating func host(_ host: HostID) {
        byte(UInt8(host.count))
        for index in 0..<host.count { byte(host.byte(at: index)) }
    }

    /// A number in `width` bytes, least significant first.
    mutating func fixed(_ value: UInt64, width: Int) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    /// A number as unsigned LEB128, in its shortest form.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// How many bytes `varint` writes for a number.
    static func varintLength(_ value: UInt64) -> Int {
        max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }

    /// Everything that another writer holds.
    mutating func append(_ other: ByteWriter) { bytes.append(contentsOf: other.bytes) }

    /// Replaces the `width` bytes at `offset` by a number.
    mutating func replace(at offset: Int, with value: UInt64, width: Int) {
        for index in 0..<width {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }

    /// Encrypts the body and appends its tag.
    mutating func seal(with sealer: any DatagramSealer) { sealer.seal(&bytes) }
}

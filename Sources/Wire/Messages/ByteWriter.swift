internal import CausalClock

/// Bytes being composed into a storage that is kept from datagram to datagram.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    var count: Int { bytes.count }

    /// Removes all bytes and keeps the capacity.
    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Removes what was written after the first `count` bytes.
    mutating func truncate(to count: Int) { bytes.removeSubrange(count...) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Bytes that were composed before.
    mutating func append(_ composed: [UInt8]) { bytes.append(contentsOf: composed) }

    /// A host's name, after its length.
    mutating func host(_ host: HostID) {
        bytes.append(addingCapacity: 1 + host.count) { $0.append(host) }
    }

    /// A clock entry: a host's name and two numbers.
    ///
    /// Most of a datagram is these, so the space for each is made once.
    mutating func entry(_ entry: Dot) {
        bytes.append(addingCapacity: 1 + HostID.maximumLength + 2 * Self.longestVarint) { space in
            space.append(entry.host)
            space.append(varint: entry.epoch.value)
            space.append(varint: entry.counter)
        }
    }

    /// A number in `width` bytes, least significant first.
    mutating func fixed(_ value: UInt64, width: Int) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    /// A number as unsigned LEB128, in its shortest form.
    mutating func varint(_ value: UInt64) {
        bytes.append(addingCapacity: Self.longestVarint) { $0.append(varint: value) }
    }

    private static let longestVarint = 10

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

extension OutputSpan<UInt8> {
    fileprivate mutating func append(_ host: HostID) {
        append(UInt8(host.count))
        for index in 0..<host.count { append(host.byte(at: index)) }
    }

    fileprivate mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

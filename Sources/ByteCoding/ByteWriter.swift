public import CausalClock

/// Bytes being composed into a storage that is kept from datagram to datagram.
package struct ByteWriter: Sendable {
    /// What was written.
    @usableFromInline package internal(set) var bytes: [UInt8] = []

    /// A writer with space for `capacity` bytes.
    @inlinable
    package init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// How many bytes were written.
    @inlinable
    package var count: Int { bytes.count }

    /// Removes all bytes and keeps the capacity.
    @inlinable
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Removes what was written after the first `count` bytes.
    @inlinable
    package mutating func truncate(to count: Int) { bytes.removeSubrange(count...) }

    /// One byte.
    @inlinable
    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Bytes that were composed before.
    @inlinable
    package mutating func append(_ composed: [UInt8]) { bytes.append(contentsOf: composed) }

    /// A host's name, after its length.
    @inlinable
    package mutating func host(_ host: HostID) {
        bytes.append(addingCapacity: 1 + host.count) { $0.append(host) }
    }

    /// A clock entry: a host's name and two numbers.
    ///
    /// Most of a datagram is these, so the space for each is made once.
    @inlinable
    package mutating func entry(_ entry: Dot) {
        bytes.append(addingCapacity: 1 + HostID.maximumLength + 2 * Self.longestVarint) { space in
            space.append(entry.host)
            space.append(varint: entry.epoch.value)
            space.append(varint: entry.counter)
        }
    }

    /// A number in `width` bytes, least significant first.
    @inlinable
    package mutating func fixed(_ value: UInt64, width: Int) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    /// A number as unsigned LEB128, in its shortest form.
    @inlinable
    package mutating func varint(_ value: UInt64) {
        bytes.append(addingCapacity: Self.longestVarint) { $0.append(varint: value) }
    }

    /// The length of the longest varint, in bytes.
    @usableFromInline static let longestVarint = 10

    /// How many bytes `varint` writes for a number.
    @inlinable
    package static func varintLength(_ value: UInt64) -> Int {
        max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }

    /// Everything that another writer holds.
    @inlinable
    package mutating func append(_ other: ByteWriter) { bytes.append(contentsOf: other.bytes) }

    /// Replaces the `width` bytes at `offset` by a number.
    @inlinable
    package mutating func replace(at offset: Int, with value: UInt64, width: Int) {
        for index in 0..<width {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }

    /// Lets `body` change what was written, in the same storage.
    @inlinable
    package mutating func edit(_ body: (inout [UInt8]) -> Void) { body(&bytes) }
}

extension OutputSpan<UInt8> {
    @inlinable
    mutating func append(_ host: HostID) {
        append(UInt8(host.count))
        for index in 0..<host.count { append(host.byte(at: index)) }
    }

    @inlinable
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

package import CausalClock

/// A position in received bytes, from which they are read one after the other.
///
/// Only the offset is kept, and the bytes are passed to every read, so that nothing outlives the buffer. A read past
/// the end, or of something that is not canonical, sets `failed` and yields zero; it is checked once at the end of
/// each part instead of at every step.
package struct ByteReader {
    /// Where the next read begins.
    @usableFromInline package internal(set) var offset: Int
    /// Whether anything was read that cannot be, or is not there.
    @usableFromInline package internal(set) var failed = false

    /// A reader that begins at `offset`.
    @inlinable
    package init(at offset: Int) { self.offset = offset }

    /// Notes that what was read cannot be.
    @inlinable
    package mutating func fail() { failed = true }

    /// One byte.
    @inlinable
    package mutating func byte(_ bytes: Span<UInt8>) -> UInt8 {
        guard offset < bytes.count else {
            fail()
            return 0
        }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// A fixed-width unsigned number of `width` bytes, least significant first.
    @inlinable
    package mutating func fixed(_ width: Int, _ bytes: Span<UInt8>) -> UInt64 {
        guard bytes.count - offset >= width else {
            fail()
            return 0
        }
        var value: UInt64 = 0
        for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        offset += width
        return value
    }

    /// An unsigned LEB128 number, in its shortest form only: one value has one encoding.
    @inlinable
    package mutating func varint(_ bytes: Span<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = byte(bytes)
            let bits = UInt64(next & 0x7F)
            if shift == 63, bits > 1 { break }
            value |= bits << shift
            guard next & 0x80 != 0 else {
                if next == 0, shift > 0 { fail() }
                return failed ? 0 : value
            }
            shift += 7
        }
        fail()
        return 0
    }

    /// Passes over `count` bytes.
    @inlinable
    package mutating func skip(_ count: Int, _ bytes: Span<UInt8>) {
        guard bytes.count - offset >= count else { return fail() }
        offset += count
    }

    /// A host's name, after its length; `nil` when it is none, and then the reading has failed.
    @inlinable
    package mutating func host(_ bytes: Span<UInt8>) -> HostID? {
        let length = Int(byte(bytes))
        guard length <= bytes.count - offset, let host = HostID(bytes, at: offset, count: length) else {
            fail()
            return nil
        }
        offset += length
        return host
    }

    /// Passes over `count` bytes, which must be zero.
    @inlinable
    package mutating func zeros(_ count: Int, _ bytes: Span<UInt8>) {
        for _ in 0..<count where byte(bytes) != 0 { fail() }
    }
}

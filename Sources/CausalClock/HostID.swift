/// The name of one host in a cluster: 1 to 63 bytes of printable ASCII.
///
/// An id is stored inline, sixty-three bytes and their count, so that clocks and datagrams are merged and compared
/// without allocating. The bytes are packed big-endian into words: comparing words is comparing bytes, and the
/// zero padding puts `db` before `db1`.
public struct HostID: Sendable, BitwiseCopyable {
    /// The longest id, in bytes.
    public static let maximumLength = 63

    @usableFromInline
    internal var words: InlineArray<8, UInt64>

    /// Makes an id of the UTF-8 bytes of `name`; `nil` when they are no allowed id.
    ///
    /// - Parameter name: 1 to 63 bytes; letters, digits and punctuation, but no space, quote, slash, colon, `@`,
    ///   brace, backslash or character beyond ASCII: these have meanings in dots, logs and addresses.
    public init?(_ name: String) {
        var words = InlineArray<8, UInt64>(repeating: 0)
        var count = 0
        for byte in name.utf8 {
            guard count < Self.maximumLength, Self.isAllowed(byte) else { return nil }
            Self.put(byte, at: count, in: &words)
            count += 1
        }
        guard count > 0 else { return nil }
        Self.put(UInt8(count), at: Self.maximumLength, in: &words)
        self.words = words
    }

    /// Makes an id of bytes that were received; `nil` when they are no allowed id.
    ///
    /// - Parameters:
    ///   - bytes: where the name stands.
    ///   - offset: its first byte.
    ///   - count: its length in bytes; `offset + count` must not pass the end of `bytes`.
    public init?(_ bytes: Span<UInt8>, at offset: Int, count: Int) {
        guard count > 0, count <= Self.maximumLength else { return nil }
        var words = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<count {
            let byte = bytes[offset + index]
            guard Self.isAllowed(byte) else { return nil }
            Self.put(byte, at: index, in: &words)
        }
        Self.put(UInt8(count), at: Self.maximumLength, in: &words)
        self.words = words
    }

    /// The length of the name in bytes, 1 to 63.
    public var count: Int { Int(words[7] & 0xFF) }

    /// The byte at `index`, counted from 0.
    public func byte(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: words[index >> 3] >> UInt64(56 - 8 * (index & 7)))
    }

    private static func put(_ byte: UInt8, at index: Int, in words: inout InlineArray<8, UInt64>) {
        words[index >> 3] |= UInt64(byte) << UInt64(56 - 8 * (index & 7))
    }

    /// What may stand in an id: visible ASCII without the characters that dots, logs and addresses need.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"),
            UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            false
        default:
            byte > 0x20 && byte < 0x7F
        }
    }
}

extension HostID: Comparable, Hashable {
    /// Whether both name the same host.
    @inlinable
    public static func == (left: HostID, right: HostID) -> Bool {
        // One expression: the loop became a call of memcmp, which took a tenth of a simulation.
        let first = (left.words[0] ^ right.words[0]) | (left.words[1] ^ right.words[1])
        let second = (left.words[2] ^ right.words[2]) | (left.words[3] ^ right.words[3])
        let third = (left.words[4] ^ right.words[4]) | (left.words[5] ^ right.words[5])
        return first | second | third | (left.words[6] ^ right.words[6]) | (left.words[7] ^ right.words[7])
            == 0
    }

    /// Orders ids by their bytes, the order in which clocks list them.
    @inlinable
    public static func < (left: HostID, right: HostID) -> Bool {
        // Most names differ in their first eight bytes.
        if left.words[0] != right.words[0] { return left.words[0] < right.words[0] }
        return left.precedesLater(right)
    }

    @usableFromInline
    func precedesLater(_ other: HostID) -> Bool {
        for index in 1..<8 where words[index] != other.words[index] {
            return words[index] < other.words[index]
        }
        return false
    }

    /// Feeds the name to `hasher`.
    public func hash(into hasher: inout Hasher) {
        for index in 0..<8 { hasher.combine(words[index]) }
    }
}

extension HostID: CustomStringConvertible {
    /// The name as text.
    public var description: String {
        String(decoding: (0..<count).map { byte(at: $0) }, as: UTF8.self)
    }
}

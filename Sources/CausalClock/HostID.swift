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
        for first in stride(from: 0, to: count, by: 8) {
            let length = min(count - first, 8)
            var word: UInt64 = 0
            for index in offset + first..<offset + first + length {
                guard Self.isAllowed(bytes[index]) else { return nil }
                word = word << 8 | UInt64(bytes[index])
            }
            words[first >> 3] = word << UInt64(64 - 8 * length)
        }
        Self.put(UInt8(count), at: Self.maximumLength, in: &words)
        self.words = words
    }

    /// The length of the name in bytes, 1 to 63.
    @inlinable
    public var count: Int { Int(words[7] & 0xFF) }

    /// The byte at `index`, counted from 0.
    @inlinable
    public func byte(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: words[index >> 3] >> UInt64(56 - 8 * (index & 7)))
    }

    private static func put(_ byte: UInt8, at index: Int, in words: inout InlineArray<8, UInt64>) {
        words[index >> 3] |= UInt64(byte) << UInt64(56 - 8 * (index & 7))
    }

    private static let allowedBelow64: UInt64 = 0xFBFF_7F7A_0000_0000
    private static let allowedFrom64: UInt64 = 0x57FF_FFFE_EFFF_FFFE

    /// What may stand in an id: visible ASCII without the characters that dots, logs and addresses need.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        // Asked for every byte of every name that arrives, so the answers are bits of two numbers.
        byte < 0x80 && (byte < 0x40 ? allowedBelow64 : allowedFrom64) >> UInt64(byte & 0x3F) & 1 == 1
    }
}

extension HostID: Comparable, Hashable {
    /// Whether both name the same host.
    @inlinable @inline(__always)
    public static func == (left: HostID, right: HostID) -> Bool {
        // Most names have eight bytes or fewer: these, and the length, decide. As a call it would copy both
        // names, as a loop over all words become memcmp; this is asked a hundred times for each datagram.
        left.words[0] == right.words[0] && left.words[7] == right.words[7]
            && (left.words[7] <= 8 || left.hasSameMiddle(as: right))
    }

    @usableFromInline
    func hasSameMiddle(as other: HostID) -> Bool {
        let first = (words[1] ^ other.words[1]) | (words[2] ^ other.words[2])
        let second = (words[3] ^ other.words[3]) | (words[4] ^ other.words[4])
        return first | second | (words[5] ^ other.words[5]) | (words[6] ^ other.words[6]) == 0
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

extension HostID: Codable {
    /// Reads the name; it is checked as any that arrives.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let id = HostID(name) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(name)\" is no id of a host: 1 to 63 bytes of printable ASCII")
        }
        self = id
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A part of the 16-ary tree over the hashes of the authors' ids: all hashes that begin with some half-bytes.
package struct RepairPrefix: Sendable, BitwiseCopyable, Hashable {
    /// The half-bytes, from the most significant one on; the rest is 0.
    package let bits: UInt64
    /// How many half-bytes: 0 for the root, 16 for a single hash.
    package let depth: Int

    /// The whole tree.
    package static let root = RepairPrefix(checked: 0, depth: 0)
    /// The number of half-bytes of a hash.
    static let maximumDepth = 16

    private init(checked bits: UInt64, depth: Int) { (self.bits, self.depth) = (bits, depth) }

    /// A part as it was received; `nil` if there is none such.
    package init?(bits: UInt64, depth: Int) {
        guard (0...Self.maximumDepth).contains(depth), bits & Self.rest(depth) == 0 else { return nil }
        self.init(checked: bits, depth: depth)
    }

    /// The 16 parts of it, by the next half-byte; `depth` must be below 16.
    func child(_ digit: Int) -> RepairPrefix {
        RepairPrefix(checked: bits | UInt64(digit) << UInt64(60 - 4 * depth), depth: depth + 1)
    }

    /// The hashes in it.
    var range: ClosedRange<UInt64> { bits...(bits | Self.rest(depth)) }

    /// The bits below the first `depth` half-bytes.
    private static func rest(_ depth: Int) -> UInt64 {
        depth == 0 ? .max : depth == 16 ? 0 : .max >> UInt64(4 * depth)
    }
}

/// One inner node of the tree, as its owner's store has it.
package struct RepairNode: Sendable, Hashable {
    /// Which part of the tree.
    package let prefix: RepairPrefix
    /// For each of its 16 parts the XOR of the hashes of the records in it.
    package let children: [UInt64]

    /// A node; `nil` unless it has 16 children and its prefix leaves space for them.
    package init?(prefix: RepairPrefix, children: [UInt64]) {
        guard children.count == 16, prefix.depth < RepairPrefix.maximumDepth else { return nil }
        self.prefix = prefix
        self.children = children
    }
}

/// What two hosts send each other to find the records in which their stores differ.
///
/// One sends the root of its tree. Each answers with the nodes below the parts that differ, and where a part holds one
/// author at most, with the hashes of that author's records. Then each sends what the other lacks. Every answer is
/// about smaller parts than what it answers, so a repair ends; but for a summary of a part with more than `maximumAuthors`
/// authors, which is answered by the nodes of that part, once.
package enum RepairMessage: Sendable, Hashable {
    /// Nodes of the sender's tree, at most `maximumNodes`.
    case compare(RecordSection, [RepairNode])
    /// The hashes of all records that the sender has in a part, at most `maximumHashes`.
    case summary(RecordSection, RepairPrefix, [UInt64])
    /// The sender lacks the records with these hashes, at most `maximumHashes`.
    case fetch(RecordSection, RepairPrefix, [UInt64])
    /// Records that the addressee lacks, at most `maximumRecords`; they are merged as any others.
    case records([Record])

    /// The most bytes that one message draws from a host that has proved its address: some hundred records of services.
    package static let maximumAnswer = 16_384
    /// The most records in a message: each costs its receiver a hash.
    package static let maximumRecords = 32
    /// The most nodes in a message: 137 bytes each.
    package static let maximumNodes = 5
    /// The most authors that are looked through for a message of hashes; where there are more, their tree is compared.
    static let maximumAuthors = 16
    /// The most hashes in a message.
    package static let maximumHashes = 100
    /// The length up to which the messages can be kept that a repair needs: one node, or a dozen hashes.
    package static let leastLength = 3 + nodeLength

    private static let nodeLength = 137

    /// How many nodes a message of so many bytes holds.
    static func nodes(within capacity: Int) -> Int {
        min(max((capacity - 3) / nodeLength, 1), maximumNodes)
    }

    /// How many hashes a message of so many bytes holds.
    static func hashes(within capacity: Int) -> Int { min(max((capacity - 12) / 8, 1), maximumHashes) }
}

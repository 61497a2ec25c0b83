/// Which part of a store a digest is of.
package enum RecordSection: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Members and removals.
    case members = 0
    /// Views and services; two hosts compare them only while their members are equal.
    case facts = 1

    /// The section to which records of a kind belong.
    package init(of kind: RecordKind) {
        self = kind == .member || kind == .removed ? .members : .facts
    }
}

/// What a heartbeat says of its sender's store: two XORs of keyed hashes of 64 bits.
///
/// Stores of honest hosts are equal if their digests are. A liar can choose its own records so that two different
/// stores have one digest; what it hides that way are records of its own.
package struct RecordDigests: Sendable, BitwiseCopyable, Hashable {
    /// Of members and removals.
    package var members: UInt64 = 0
    /// Of views and services.
    package var facts: UInt64 = 0

    /// The digests as they were received.
    package init(members: UInt64 = 0, facts: UInt64 = 0) {
        self.members = members
        self.facts = facts
    }

    /// The digest of a section.
    package subscript(section: RecordSection) -> UInt64 {
        get { section == .members ? members : facts }
        set { if section == .members { members = newValue } else { facts = newValue } }
    }
}

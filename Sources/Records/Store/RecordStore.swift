package import CausalClock

/// The records that a host holds: of each key the latest version that it has heard of.
///
/// What a store holds follows from the set of records that were merged, and from nothing else: not from their order, nor
/// from how often each came. So two hosts that have heard of the same records hold the same, and their digests are
/// equal. There is one exception, which honest hosts never meet: removals of hosts that are no members are refused
/// beyond `maximumStrangeRemovals`.
package struct RecordStore: Sendable {
    /// The most services of one host.
    package static let maximumServices = 32
    /// The most removals of hosts that are no members here.
    package static let maximumStrangeRemovals = 4_096

    /// This host.
    package let owner: HostID
    /// This host's latest event in the process before, whose store is lost; what it wrote until then may come back.
    package let resumedThrough: Dot?
    /// The most suspects that a view may have: 4 per ring and the configured edges.
    package var maximumSuspects = View.maximumSuspects
    /// Hashes of hosts and records.
    package let hash: RecordHash
    /// Digests of both sections.
    package internal(set) var digests = RecordDigests()
    /// How many records were refused.
    package internal(set) var refusals = RefusalCounts()

    /// Whether other hosts may remove hosts.
    let takesRemovals: Bool
    /// All hosts of which anything is held, and all members; strictly ascending by the hash of the id, then by id.
    var authors: [AuthorRecords] = []
    var encoder = RecordEncoder()
    /// How many of `authors` are no members.
    var strangers = 0

    /// The store of `owner`, a member, which is empty.
    ///
    /// - Parameters:
    ///   - owner: this host.
    ///   - hash: the same on all hosts of the cluster.
    ///   - resumedThrough: the latest event of the owner's process before, if this one continues its incarnation.
    ///   - takesRemovals: whether other hosts may remove hosts.
    package init(
        owner: HostID, hash: RecordHash, resumedThrough: Dot? = nil, takesRemovals: Bool = true
    ) {
        self.owner = owner
        self.takesRemovals = takesRemovals
        self.hash = hash
        self.resumedThrough = resumedThrough
        setMembers([])
    }

    /// Takes the members that the configuration names; the owner is one in any case.
    ///
    /// What hosts wrote that are no members any more is dropped; their removals stay.
    package mutating func setMembers(_ members: [HostID]) {
        for index in authors.indices { authors[index].isMember = false }
        for member in members + [owner] {
            let place = hash.of(host: member)
            let index = position(of: member, at: place)
            if !holds(member, at: index) {
                authors.insert(AuthorRecords(member, place: place, isMember: true), at: index)
            }
            authors[index].isMember = true
        }
        for index in authors.indices where !authors[index].isMember { dropFacts(at: index) }
        authors.removeAll { !$0.isMember && $0.isEmpty }
        strangers = authors.count { !$0.isMember }
        assertInvariants()
    }

    private mutating func dropFacts(at index: Int) {
        update(at: index) { author in
            author.member = nil
            author.view = nil
            author.services = []
        }
    }

    /// Makes its storage unique again after a copy was handed out.
    package mutating func detach() { unsafe authors.withUnsafeMutableBufferPointer { _ in } }

    /// The members, in the order of the hashes of their ids.
    package var members: [HostID] { authors.filter(\.isMember).map(\.host) }

    /// How many records are held.
    package var count: Int {
        authors.reduce(0) { $0 + $1.records(.members).count + $1.records(.facts).count }
    }
}

extension RecordStore {
    /// Where a host stands in `authors`, or would.
    func position(of host: HostID, at place: UInt64) -> Int {
        authors.partitioningIndex { ($0.place, $0.host) >= (place, host) }
    }

    /// Whether the author at a position is `host`.
    func holds(_ host: HostID, at index: Int) -> Bool {
        index < authors.count && authors[index].host == host
    }

    /// Where a host stands in `authors`; `nil` if nothing is held of it and it is no member.
    func index(of host: HostID) -> Int? {
        let index = position(of: host, at: hash.of(host: host))
        return holds(host, at: index) ? index : nil
    }

    /// Changes what is held of the author at a position, and the digests with it.
    mutating func update(at index: Int, _ change: (inout AuthorRecords) -> Void) {
        for section in RecordSection.allCases { digests[section] ^= authors[index].sum(section) }
        change(&authors[index])
        authors[index].updateSums()
        for section in RecordSection.allCases { digests[section] ^= authors[index].sum(section) }
    }

    /// A record with its hash and its length.
    mutating func stored(_ record: Record) -> StoredRecord {
        let bytes = encoder.encode(record)
        let version = RecordVersion(record, hash: hash.of(encoded: bytes))
        return StoredRecord(record: record, version: version, length: bytes.count)
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        for (left, right) in zip(authors, authors.dropFirst())
        where (left.place, left.host) >= (right.place, right.host) {
            return "\(left.host) and \(right.host) out of order"
        }
        for section in RecordSection.allCases {
            let sum = authors.reduce(0) { $0 ^ $1.sum(section) }
            if digests[section] != sum {
                return "the digest of \(section) is \(digests[section]), not \(sum)"
            }
        }
        if strangers != authors.count(where: { !$0.isMember }) { return "\(strangers) strangers are counted" }
        return authors.lazy.compactMap(\.violatedInvariant).first
    }

    /// Stops a debug build where an invariant does not hold; stores of more than 64 hosts are not checked.
    func assertInvariants() {
        assert(authors.count > 64 || violatedInvariant == nil, violatedInvariant ?? "")
    }
}

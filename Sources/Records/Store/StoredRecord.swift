internal import CausalClock

/// A record as a store keeps it.
struct StoredRecord: Sendable, Hashable {
    let record: Record
    /// Which version of its key it is; the hash in it is the record's.
    let version: RecordVersion
    /// The length of the encoded record, in bytes.
    let length: Int

    /// The service that it is about.
    var name: ServiceName? { record.key.service }
}

/// All that a store has of one host: what the host wrote, and its removal.
///
/// Invariants: views and services are of `incarnation`, the latest of which the host wrote anything; all records are of
/// incarnations after the removed ones; there are at most `RecordStore.maximumServices` services, ascending by name.
struct AuthorRecords: Sendable {
    let host: HostID
    /// The keyed hash of its id.
    let place: UInt64
    /// Whether it is a member that this host knows.
    var isMember: Bool
    /// The records of which there is one at most, by kind: an author of which nothing is held takes little space.
    private var single: [StoredRecord] = []
    /// What its services do.
    var services: [StoredRecord] = []
    /// The sums of the hashes, as `updateSums` left them.
    private var sums = RecordDigests()

    init(_ host: HostID, place: UInt64, isMember: Bool) {
        self.host = host
        self.place = place
        self.isMember = isMember
    }

    /// Its removal.
    var removal: StoredRecord? {
        get { single(.removed) }
        set { setSingle(.removed, newValue) }
    }

    /// What it says of itself.
    var member: StoredRecord? {
        get { single(.member) }
        set { setSingle(.member, newValue) }
    }

    /// Which neighbours it suspects.
    var view: StoredRecord? {
        get { single(.view) }
        set { setSingle(.view, newValue) }
    }

    private func single(_ kind: RecordKind) -> StoredRecord? { single.first { $0.record.key.kind == kind } }

    private mutating func setSingle(_ kind: RecordKind, _ stored: StoredRecord?) {
        single.removeAll { $0.record.key.kind == kind }
        if let stored { single.append(stored) }
    }

    /// The latest of its incarnations that is removed; 0 for none.
    var removedThrough: Epoch { removal?.record.epoch ?? Epoch(0) }

    /// The latest incarnation of which it wrote a record that is held; 0 for none.
    var incarnation: Epoch {
        // Services and view are of one incarnation, so one of them is enough.
        let facts = view ?? services.first
        return max(member?.record.epoch ?? Epoch(0), facts?.record.epoch ?? Epoch(0))
    }

    /// The XOR of the hashes that belong to a digest.
    ///
    /// A repair asks for those of all authors, again and again.
    func sum(_ section: RecordSection) -> UInt64 { sums[section] }

    /// Adds the hashes up again, after a change.
    mutating func updateSums() {
        sums.members = (removal?.version.hash ?? 0) ^ (member?.version.hash ?? 0)
        sums.facts = services.reduce(view?.version.hash ?? 0) { $0 ^ $1.version.hash }
    }

    /// What belongs to a digest, in order of key.
    func records(_ section: RecordSection) -> [StoredRecord] {
        switch section {
        case .members: [removal, member].compactMap { $0 }
        case .facts: [view].compactMap { $0 } + services
        }
    }

    /// The record of a kind.
    func stored(_ key: RecordKey) -> StoredRecord? {
        switch key.kind {
        case .removed: return removal
        case .member: return member
        case .view: return view
        case .service:
            guard let name = key.service else { return nil }
            let index = index(of: name)
            return index < services.count && services[index].name == name ? services[index] : nil
        }
    }

    /// The position of a service, or where it would stand.
    func index(of name: ServiceName) -> Int {
        services.partitioningIndex { $0.name.map { $0 >= name } ?? false }
    }

    /// Whether nothing is held of it.
    var isEmpty: Bool { removal == nil && member == nil && view == nil && services.isEmpty }
}

extension AuthorRecords {
    /// Keeps a record in the stead of the one with its key.
    mutating func put(_ stored: StoredRecord) {
        switch stored.record.body {
        case .removed: removal = stored
        case .member: member = stored
        case .view: view = stored
        case .service(let name, _):
            let index = index(of: name)
            if index < services.count, services[index].name == name {
                services[index] = stored
            } else {
                services.insert(stored, at: index)
            }
        }
    }

    /// Drops the views and services that are not of the latest incarnation, and all that is of a removed one.
    mutating func dropOutdated() {
        let removed = removedThrough
        if let epoch = member?.record.epoch, epoch <= removed { member = nil }
        let latest = max(incarnation, view?.record.epoch ?? Epoch(0), latestService)
        let isOutdated = { (stored: StoredRecord) in
            stored.record.epoch < latest || stored.record.epoch <= removed
        }
        if view.map(isOutdated) ?? false { view = nil }
        services.removeAll(where: isOutdated)
    }

    private var latestService: Epoch { services.map(\.record.epoch).max() ?? Epoch(0) }

    /// Drops the service whose record is the oldest, if there are more than `limit`.
    ///
    /// Which ones are kept follows from all versions that were ever merged, in any order: a service that is dropped is
    /// older than `limit` others, and those only become later.
    ///
    /// - Returns: the one that was dropped.
    mutating func dropSurplus(limit: Int) -> StoredRecord? {
        guard services.count > limit else { return nil }
        let oldest = services.indices.min { left, right in
            let (first, second) = (services[left].record, services[right].record)
            return (first.epoch.value, first.counter) < (second.epoch.value, second.counter)
        }
        // Of two services of one event the first by name is dropped: `min` returns the first.
        return oldest.map { services.remove(at: $0) }
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        let facts = [view].compactMap { $0 } + services
        if facts.contains(where: { $0.record.epoch != incarnation }) {
            return "\(host): a view or a service of an earlier incarnation"
        }
        if [member].compactMap({ $0 }).contains(where: { $0.record.epoch <= removedThrough })
            || facts.contains(where: { $0.record.epoch <= removedThrough })
        {
            return "\(host): a record of a removed incarnation"
        }
        if services.count > RecordStore.maximumServices { return "\(host): \(services.count) services" }
        var added = self
        added.updateSums()
        if added.sums != sums { return "\(host): sums of another state" }
        let names = services.compactMap(\.name)
        if zip(names, names.dropFirst()).contains(where: { $0 >= $1 }) {
            return "\(host): services out of order"
        }
        return isMember || (member == nil && facts.isEmpty) ? nil : "\(host): records of a stranger"
    }
}

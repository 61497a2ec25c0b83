internal import CausalClock

/// How records are taken in.
extension RecordStore {
    /// Takes in a record that another host has sent, no matter which host wrote it.
    package mutating func merge(_ record: Record, in context: MergeContext) -> MergeOutcome {
        merge(stored(record), in: context)
    }

    /// The same of a record that is encoded and hashed already.
    mutating func merge(_ stored: StoredRecord, in context: MergeContext) -> MergeOutcome {
        guard let outcome = judge(stored, in: context) else { return take(stored) }
        if case .refused(let reason) = outcome.effect { refusals.count(reason) }
        return outcome
    }

    /// What becomes of a record that is not news; `nil` if it is.
    func judge(_ stored: StoredRecord, in context: MergeContext) -> MergeOutcome? {
        if let refusal = refusal(of: stored.record, in: context) { return MergeOutcome(.refused(refusal)) }
        if stored.record.host == owner, stored.record.key.kind != .removed {
            return judgeOwn(stored, in: context)
        }
        return outcome(of: stored)
    }

    /// Takes in a record that this host has written: later than what it wrote of that key before.
    ///
    /// - Returns: `false`, and nothing is changed, when it is not, or is of an incarnation that is over.
    @discardableResult
    package mutating func write(_ record: Record) -> Bool {
        assert(record.host == owner || record.key.kind == .removed, "\(record.host) is not \(owner)")
        let stored = stored(record)
        let removed = removedThrough(record.host) ?? Epoch(0)
        let isRetired = record.key.kind != .removed && record.epoch <= removed
        guard !isRetired, outcome(of: stored) == nil else { return false }
        return take(stored).isAccepted
    }

    /// Why a record is not believed, if it is not.
    private func refusal(of record: Record, in context: MergeContext) -> RecordRefusal? {
        if record.epoch > context.latestCredible { return .epochAhead }
        if case .removed = record.body {
            return takesRemovals ? refusal(ofRemoving: record.host) : .removal
        }
        guard record.counter > 0, record.counter <= VectorClock.maximumCounter else {
            return .counterOutOfRange
        }
        guard let index = index(of: record.host), authors[index].isMember else { return .stranger }
        if record.epoch <= authors[index].removedThrough { return .retired }
        return (record.view?.suspects.count ?? 0) > maximumSuspects ? .tooManySuspects : nil
    }

    private func refusal(ofRemoving subject: HostID) -> RecordRefusal? {
        index(of: subject) == nil && strangers >= Self.maximumStrangeRemovals ? .tooManyRemovals : nil
    }

    /// Judges a record in this host's own name; it is not taken in.
    ///
    /// What this host wrote is held, or older than what is held, or was written by the process before.
    private func judgeOwn(_ stored: StoredRecord, in context: MergeContext) -> MergeOutcome {
        let version = stored.version
        let held = self.index(of: owner).flatMap { authors[$0].stored(stored.record.key) }
        if held?.version == version { return MergeOutcome(.known) }
        if version.epoch < context.own.epoch { return MergeOutcome(.outdated) }
        if let held, !held.version.isSameEvent(as: version), version < held.version {
            return MergeOutcome(.outdated)
        }
        if isSurplus(stored) { return MergeOutcome(.outdated) }
        let isOfProcessBefore =
            resumedThrough.map { !$0.precedes(stored.record.dot) && $0.epoch == version.epoch } ?? false
        return MergeOutcome(.ownName, conflict: held == nil && isOfProcessBefore ? nil : owner)
    }

    /// Whether a service of this host is older than all of as many as are kept, so that its record was dropped.
    private func isSurplus(_ stored: StoredRecord) -> Bool {
        guard stored.name != nil, let index = index(of: owner) else { return false }
        let services = authors[index].services
        return services.count >= Self.maximumServices
            && services.allSatisfy { stored.record.dot.precedes($0.record.dot) }
    }

    /// Takes in a record that is news.
    mutating func take(_ stored: StoredRecord) -> MergeOutcome {
        defer { assertInvariants() }
        let index = makeIndex(of: stored.record.host)
        let held = authors[index].stored(stored.record.key)
        let conflict = held.map { $0.version.isSameEvent(as: stored.version) } ?? false
        var dropped: StoredRecord?
        update(at: index) { author in
            author.put(stored)
            author.dropOutdated()
            dropped = author.dropSurplus(limit: Self.maximumServices)
        }
        if dropped != nil { refusals.count(.tooManyServices) }
        let effect: MergeOutcome.Effect =
            dropped == stored ? .refused(.tooManyServices) : .accepted(replaced: held?.record)
        return MergeOutcome(effect, conflict: conflict ? stored.record.host : nil)
    }

    /// What becomes of a record that does not replace what is held; `nil` if it does.
    private func outcome(of stored: StoredRecord) -> MergeOutcome? {
        guard let index = index(of: stored.record.host) else { return nil }
        let version = stored.version
        if RecordSection(of: stored.record.key.kind) == .facts, version.epoch < authors[index].incarnation {
            return MergeOutcome(.outdated)
        }
        guard let held = authors[index].stored(stored.record.key), held.version >= version else { return nil }
        if held.version == version { return MergeOutcome(.known) }
        let isConflict = held.version.isSameEvent(as: version)
        return MergeOutcome(.outdated, conflict: isConflict ? stored.record.host : nil)
    }

    /// Where a host stands, or stands from now on.
    private mutating func makeIndex(of host: HostID) -> Int {
        let place = hash.of(host: host)
        let index = position(of: host, at: place)
        guard !holds(host, at: index) else { return index }
        authors.insert(AuthorRecords(host, place: place, isMember: false), at: index)
        strangers += 1
        return index
    }
}

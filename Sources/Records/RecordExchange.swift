package import CausalClock
package import FailureDetection

/// What follows from records that were received or released.
package enum RecordEvent: Sendable, Hashable {
    /// A record was taken in; and the version that it replaced, if there was one.
    case changed(Record, replaced: Record?)
    /// Two values of one event of a host exist, or records in this host's own name that it did not write.
    case conflict(HostID)
    /// A record in this host's own name has to be written again, in a later event or in a later incarnation.
    case overridden(Record)
}

/// The records of one host and all that is exchanged about them: what is held, what is limited, what is sent to
/// which neighbour, and when stores are repaired.
///
/// It does no input and no output. Its user sends the batches and the repair messages, and gives back what arrives.
package struct RecordExchange: Sendable {
    /// What is held.
    package private(set) var store: RecordStore
    /// What is sent.
    package var spread = RecordSpread()
    /// When stores are repaired.
    package var schedule = RepairSchedule()
    /// What waits because its author changes it too often.
    package private(set) var gate = RecordGate()

    /// The exchange of the host whose store is given.
    package init(store: RecordStore) { self.store = store }

    /// Takes the members and the neighbours that the configuration names.
    package mutating func setMembers(_ members: [HostID], neighbours: [HostID]) {
        store.setMembers(members)
        spread.setNeighbours(neighbours)
        let known = members.sorted()
        gate.drop { $0 != store.owner && !known.holds($0) }
        let present = neighbours.sorted()
        schedule.drop { !present.holds($0) }
    }

    /// Takes the most suspects that a view may have.
    package mutating func setMaximumSuspects(_ count: Int) { store.maximumSuspects = count }

    /// Takes in and spreads a record of this host's own, or lets it wait.
    ///
    /// - Parameters:
    ///   - record: what this host writes, in its latest event.
    ///   - isOverride: whether it replaces what another wrote in this host's name: then it does not wait.
    ///   - now: the present.
    /// - Returns: what follows from it.
    package mutating func publish(
        _ record: Record, isOverride: Bool = false, at now: Instant
    ) -> [RecordEvent] {
        let isAdmitted = gate.admit(
            record, from: store.owner, isAnswer: store.answersNews(record), isUrgent: isOverride, at: now)
        return isAdmitted ? write(record) : []
    }

    private mutating func write(_ record: Record) -> [RecordEvent] {
        let replaced = store.record(record.key)
        guard store.write(record) else { return [] }
        return announce(record, replacing: replaced, from: [])
    }

    /// What this host's own records say at present, those that wait among them; none of them waits any more.
    ///
    /// In a new incarnation each is to be published again.
    package mutating func takeOwn() -> [Record.Body] {
        let waiting = gate.takeWaiting(of: store.owner)
        let rest = store.records(of: store.owner).filter { held in
            held.key.kind != .removed && !waiting.contains { $0.key == held.key }
        }
        return (rest + waiting).map(\.body)
    }

    /// Takes in and spreads what a neighbour has sent.
    ///
    /// - Parameters:
    ///   - records: what it has sent, in order.
    ///   - source: the neighbour, or another host that takes part in a repair.
    ///   - context: what is known of the present.
    ///   - now: the present.
    /// - Returns: what follows from them.
    package mutating func receive(
        _ records: [Record], from source: HostID, in context: MergeContext, at now: Instant
    ) -> [RecordEvent] {
        records.flatMap { receive($0, from: source, in: context, at: now) }
    }

    private mutating func receive(
        _ record: Record, from source: HostID, in context: MergeContext, at now: Instant
    ) -> [RecordEvent] {
        let stored = store.stored(record)
        spread.neighbourHas(stored.version, of: record.key, neighbour: source)
        if store.judge(stored, in: context) == nil {
            let isAnswer = store.answersNews(record)
            guard gate.admit(record, from: source, isAnswer: isAnswer, at: now) else { return [] }
        }
        return take(stored, from: [source], in: context)
    }

    private mutating func take(
        _ stored: StoredRecord, from holders: [HostID], in context: MergeContext
    ) -> [RecordEvent] {
        let (record, outcome) = (stored.record, store.merge(stored, in: context))
        let conflict = outcome.conflict.map { [RecordEvent.conflict($0)] } ?? []
        switch outcome.effect {
        case .accepted(let replaced):
            return announce(record, replacing: replaced, from: holders) + conflict
        case .ownName: return [.overridden(record)] + conflict
        case .known, .outdated, .refused: return conflict
        }
    }

    /// Takes in what has waited long enough; what this host wrote in an earlier incarnation is dropped.
    package mutating func wake(in context: MergeContext, at now: Instant) -> [RecordEvent] {
        gate.due(at: now).flatMap { waiting in
            let record = waiting.record
            guard record.host == store.owner, record.key.kind != .removed else {
                return take(store.stored(record), from: waiting.holders, in: context)
            }
            return record.epoch == context.own.epoch ? write(record) : []
        }
    }

    private mutating func announce(
        _ record: Record, replacing replaced: Record?, from holders: [HostID]
    ) -> [RecordEvent] {
        guard let version = store.version(of: record.key) else { return [] }
        spread.spread(record, version: version, replacing: replaced, from: holders)
        return [.changed(record, replaced: replaced)]
    }

    /// When something is to be done next, seen from `now`: to send, or to take in what waits.
    package func nextDeadline(after now: Instant) -> Instant {
        min(spread.nextDeadline(after: now), gate.nextDeadline(after: now))
    }

    /// The records of the next datagram to a neighbour; `nil` when there are none, or it has to wait.
    ///
    /// - Parameters:
    ///   - neighbour: the host to which it is sent.
    ///   - now: the present.
    ///   - capacity: how many bytes of records the datagram can carry.
    /// - Returns: the records, of which `spread.noteSent` has to be informed when they are sent.
    package mutating func nextBatch(to neighbour: HostID, at now: Instant, capacity: Int) -> RecordBatch? {
        spread.nextBatch(to: neighbour, at: now, capacity: capacity, of: store)
    }

    /// Compares the digests in a neighbour's heartbeat with ours.
    ///
    /// - Parameters:
    ///   - digests: what the heartbeat says.
    ///   - neighbour: its sender.
    ///   - now: the present.
    /// - Returns: the first message of a repair, if one begins.
    package mutating func compare(
        _ digests: RecordDigests, of neighbour: HostID, at now: Instant
    ) -> RepairMessage? {
        switch schedule.compare(digests, of: neighbour, with: store.digests, at: now) {
        case .none: return nil
        case .begin(let section): return store.beginRepair(of: section)
        }
    }
}

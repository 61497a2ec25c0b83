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
    package private(set) var gate: RecordGate
    /// What is still to be sent of repairs.
    package private(set) var repairs = RepairOutbox()

    /// The exchange of the host whose store is given.
    package init(store: RecordStore) {
        self.store = store
        gate = RecordGate(of: store.owner)
    }

    /// Makes its storage unique again after a copy was handed out.
    package mutating func detach() { store.detach() }

    /// Takes the members and the neighbours that the configuration names.
    package mutating func setMembers(_ members: [HostID], neighbours: [HostID]) {
        store.setMembers(members)
        spread.setNeighbours(neighbours)
        let known = members.sorted()
        gate.drop { $0 != store.owner && !known.holds($0) }
        let present = neighbours.sorted()
        schedule.drop { !present.holds($0) }
        repairs.drop { !present.holds($0) }
    }

    /// Takes in and spreads a record of this host's own, or lets it wait.
    ///
    /// - Parameters:
    ///   - record: what this host writes, in its latest event.
    ///   - isOverride: whether it replaces what another wrote in this host's name: it waits no longer than an answer.
    ///   - now: the present.
    /// - Returns: what follows from it.
    package mutating func publish(
        _ record: Record, isOverride: Bool = false, at now: Instant
    ) -> [RecordEvent] {
        let isAdmitted = gate.admit(
            record, from: store.owner, isAnswer: isOverride || store.answersNews(record), at: now)
        return isAdmitted ? write(record) : []
    }

    private mutating func write(_ record: Record) -> [RecordEvent] {
        let replaced = store.record(record.key)
        guard store.write(record) else { return [] }
        return announce(record, replacing: replaced, from: [])
    }

    /// Whether a record of this host's own waits because it has changed too often.
    package func isWaiting(_ key: RecordKey) -> Bool {
        gate.isWaiting(key)
    }

    /// What this host's own record of a key says at present, also while it waits; `nil` if there is none.
    package func own(_ key: RecordKey) -> Record.Body? {
        let waiting = gate.waiting.first { $0.key == key && $0.host == store.owner }
        return (waiting ?? store.record(key))?.body
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

    /// Takes a message of a repair, and puts what answers it among `repairs`.
    ///
    /// - Parameters:
    ///   - message: what a neighbour has sent.
    ///   - source: the neighbour.
    ///   - space: how much may be sent in answer.
    ///   - context: what is known of the present.
    ///   - now: the present.
    /// - Returns: what follows from records in it.
    package mutating func receive(
        _ message: RepairMessage, from source: HostID, answering space: RepairSpace,
        in context: MergeContext, at now: Instant
    ) -> [RecordEvent] {
        if case .records(let records) = message {
            return receive(records, from: source, in: context, at: now)
        }
        // What finds no space need not be found out.
        guard !repairs.isFull else { return [] }
        let answers = store.answers(
            to: message, limit: space.limit, overhead: space.overhead, capacity: space.capacity)
        repairs.put(answers, for: source)
        return []
    }

    /// When something is to be done next, seen from `now`: to send, or to take in what waits.
    package func nextDeadline(after now: Instant) -> Instant {
        let repair = repairs.isEmpty ? Instant.never : spread.repairDeadline(after: now)
        return min(spread.nextDeadline(after: now), gate.nextDeadline, repair)
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

    /// The next message of a repair, and to which host it goes; `nil` when there is none, or it has to wait.
    package mutating func nextRepair(at now: Instant) -> (host: HostID, message: RepairMessage)? {
        guard !repairs.isEmpty, spread.takeRepairToken(at: now) else { return nil }
        return repairs.next()
    }

    /// Compares the digests in a neighbour's heartbeat with ours, and begins a repair when it is time to.
    ///
    /// - Parameters:
    ///   - digests: what the heartbeat says.
    ///   - neighbour: its sender.
    ///   - now: the present.
    /// - Returns: whether it has just turned out that repairs with this neighbour have no effect.
    @discardableResult
    package mutating func compare(
        _ digests: RecordDigests, of neighbour: HostID, at now: Instant
    ) -> Bool {
        let wasFruitless = schedule.isFruitless(with: neighbour)
        if digests == store.digests { spread.neighbourHasAll(neighbour) }
        switch schedule.compare(digests, of: neighbour, with: store.digests, at: now) {
        case .none: break
        case .begin(let section): repairs.put([store.beginRepair(of: section)], for: neighbour)
        }
        return !wasFruitless && schedule.isFruitless(with: neighbour)
    }
}

/// How much may be sent in answer to a message of a repair.
package struct RepairSpace: Sendable, BitwiseCopyable {
    /// The most bytes of all datagrams together.
    package var limit: Int
    /// What the sending of a message costs beside the message, in bytes.
    package var overhead: Int
    /// How long a message may be, in bytes.
    package var capacity: Int

    /// What may be sent to a host.
    ///
    /// - Parameters:
    ///   - isProved: whether the host has acknowledged what was sent to its address in the present incarnation of this
    ///     one: any other is never sent more bytes than it sent itself.
    ///   - received: the length of the datagram that is answered, in bytes.
    ///   - overhead: what the sending of a message costs beside the message, in bytes.
    ///   - capacity: how long a message may be, in bytes.
    package init(isProved: Bool, received: Int, overhead: Int, capacity: Int) {
        limit = isProved ? RepairMessage.maximumAnswer : received
        (self.overhead, self.capacity) = (overhead, capacity)
    }
}

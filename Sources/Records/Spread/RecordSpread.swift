package import CausalClock
package import FailureDetection

/// Records for one datagram to one neighbour.
package struct RecordBatch: Sendable {
    /// The neighbour.
    package let neighbour: HostID
    /// The records, those about membership first.
    package let records: [Record]
    let versions: [(key: RecordKey, version: RecordVersion)]
}

/// The records of a datagram while they are gathered.
private struct BatchDraft {
    var space: Int
    private(set) var records: [Record] = []
    private(set) var versions: [(key: RecordKey, version: RecordVersion)] = []
    /// Whether there is more than fits.
    private(set) var isFull = false
    /// Whether the news is among them that a service has failed.
    private(set) var isFailure = false

    init(space: Int) { self.space = space }

    mutating func add(_ stored: StoredRecord, isFailure: Bool) {
        guard records.count < RepairMessage.maximumRecords, stored.length <= space || records.isEmpty else {
            isFull = true
            return
        }
        space -= stored.length
        self.isFailure = self.isFailure || isFailure
        records.append(stored.record)
        versions.append((stored.record.key, stored.version))
    }
}

/// Which records are sent to which neighbour: each to every one that has not sent it itself, until it is acknowledged.
///
/// An acknowledgement says that a datagram arrived, and not that its records were believed.
///
/// Invariant: neighbours ascend by id; each queue keeps its own.
package struct RecordSpread: Sendable {
    /// The least time between two datagrams of records to one neighbour, unless the second is full or reports a failure.
    package static let pause = TimeSpan.milliseconds(5)
    /// The most datagrams of records per second, and in a row, to all neighbours together.
    package static let (rate, burst) = (Int64(2_000), Int64(400))

    /// Up to how many neighbours a host passes on what others wrote: as many as a mesh is meant to have.
    static let relayedNeighbours = 32
    /// How many tokens are left to records when repairs use the bucket.
    private static let reserve: Int64 = burst / 4

    private struct Neighbour: Sendable {
        let host: HostID
        private(set) var queue = RecordQueue()
        var lastSent = Instant(nanoseconds: .min)
        /// How many datagrams may be sent before the next heartbeat.
        var allowance = Int.max
        /// How many heartbeats were sent to it since it was heard.
        var unheard = 0
        /// Whether something is to be sent now.
        private(set) var isReady = false

        init(_ host: HostID) { self.host = host }

        /// Lets pass what may be sent until the next heartbeat.
        ///
        /// To one that is silent one datagram goes with the first, the second, the fourth heartbeat and so on, and then with
        /// every 32nd: it may hear this host although it is not heard, and no other may be there to pass anything on.
        mutating func beginHeartbeat(isHeard: Bool) {
            unheard = isHeard ? 0 : unheard &+ 1
            let isTurn = unheard & (unheard &- 1) == 0 || unheard % 32 == 0
            allowance = isHeard ? .max : isTurn ? 1 : 0
        }

        mutating func update(_ change: (inout RecordQueue) -> Void) {
            change(&queue)
            isReady = queue.entries.contains(where: \.isReady)
        }
    }

    private var neighbours: [Neighbour] = []
    private var bucket = TokenBucket(perSecond: Self.rate, burst: Self.burst)
    /// How many neighbours have something to be sent; so that none has to be asked while there are none.
    private var readyCount = 0
    /// The neighbour that is served first, so that a scarce bucket serves all in turn.
    private var first = 0

    /// The spreading of a host that has no neighbours yet.
    package init() {}

    /// The neighbours, ascending.
    package var hosts: [HostID] { neighbours.map(\.host) }

    /// Takes the neighbours.
    ///
    /// Those that stay keep their queues; a new one learns by repair what was before.
    package mutating func setNeighbours(_ hosts: [HostID]) {
        let former = neighbours
        neighbours = hosts.sorted().map { host in
            let place = former.partitioningIndex { $0.host >= host }
            return place < former.count && former[place].host == host ? former[place] : Neighbour(host)
        }
        readyCount = neighbours.count(where: \.isReady)
        first = 0
    }

    /// The neighbours to which something may be sent now, in the order in which they are to be served.
    package mutating func ready(at now: Instant) -> [HostID] {
        guard readyCount > 0, bucket.availableAt(now) <= now else { return [] }
        let order = Array(neighbours.indices[first...]) + Array(neighbours.indices[..<first])
        first = neighbours.isEmpty ? 0 : (first + 1) % neighbours.count
        return order.filter { neighbours[$0].isReady && neighbours[$0].allowance > 0 }.map {
            neighbours[$0].host
        }
    }

    /// Lets so many datagrams pass to a neighbour until its next heartbeat.
    package mutating func allow(_ count: Int, to host: HostID) {
        guard let index = index(of: host) else { return }
        neighbours[index].allowance = count
    }

    /// Takes a token for a message of a repair, if enough are left for records.
    package mutating func takeRepairToken(at now: Instant) -> Bool {
        repairDeadline(after: now) <= now && bucket.take(at: now)
    }

    /// When a message of a repair can be sent, seen from `now`.
    func repairDeadline(after now: Instant) -> Instant { bucket.availableAt(now, leaving: Self.reserve) }

    /// Sends all again that is not acknowledged: this host has begun a later incarnation, and its numbers are others.
    package mutating func beginIncarnation() {
        for index in neighbours.indices { update(index) { $0.forgetNumbers() } }
    }

    private mutating func update(_ index: Int, _ change: (inout RecordQueue) -> Void) {
        let wasReady = neighbours[index].isReady
        neighbours[index].update(change)
        readyCount += (neighbours[index].isReady ? 1 : 0) - (wasReady ? 1 : 0)
    }

    /// Spreads a record that was taken in.
    ///
    /// Among more than `relayedNeighbours`, which are all members, each has got what another wrote from its author, or gets
    /// it by repair: to queue each record for each of them would be work for n² copies.
    ///
    /// - Parameters:
    ///   - record: what was taken in.
    ///   - version: its version in the store.
    ///   - replaced: the version that was held before, if any.
    ///   - holders: the hosts that have sent it, so that it need not be sent to them.
    package mutating func spread(
        _ record: Record, version: RecordVersion, replacing replaced: Record?, from holders: [HostID]
    ) {
        let entry = RecordQueue.Entry(
            key: record.key, version: version, heartbeats: waits(for: record, after: replaced, from: holders),
            isFailure: record.isNewFailure(after: replaced))
        if holders.isEmpty || neighbours.count <= Self.relayedNeighbours {
            for index in neighbours.indices where !holders.contains(neighbours[index].host) {
                update(index) { $0.put(entry) }
            }
        }
        for holder in holders { neighbourHas(version, of: record.key, neighbour: holder) }
        assertInvariants()
    }

    /// For how many heartbeats a record waits.
    ///
    /// Another's view is never urgent: it counts only where its author has vouched for it.
    private func waits(for record: Record, after replaced: Record?, from holders: [HostID]) -> Int {
        if record.view != nil, !holders.isEmpty { return 2 }
        return record.isUrgent(after: replaced) ? 0 : 1
    }

    /// Notes that a neighbour holds what this host holds.
    package mutating func neighbourHasAll(_ host: HostID) {
        guard let index = index(of: host) else { return }
        update(index) { $0.removeAll() }
    }

    /// Notes that a neighbour has a version of a record, because it sent it.
    package mutating func neighbourHas(_ version: RecordVersion, of key: RecordKey, neighbour host: HostID) {
        guard let index = index(of: host) else { return }
        update(index) { $0.neighbourHas(version, of: key) }
    }

    /// Takes what a message of a neighbour acknowledges.
    ///
    /// - Parameters:
    ///   - acknowledgement: what the message says.
    ///   - host: the neighbour.
    ///   - now: when the message arrived.
    ///   - roundTrip: how long the neighbour's answers may take, as its retransmission timeout says.
    package mutating func receive(
        _ acknowledgement: LinkAcknowledgement, from host: HostID, at now: Instant, roundTrip: TimeSpan
    ) {
        guard let index = index(of: host) else { return }
        update(index) { $0.receive(acknowledgement, at: now, roundTrip: roundTrip) }
    }

    /// Makes ready what goes with a heartbeat to a neighbour; it is called when one is sent.
    ///
    /// - Parameters:
    ///   - host: the neighbour.
    ///   - now: the present.
    ///   - interval: the time between two heartbeats.
    ///   - isHeard: whether the neighbour is heard; one that is silent is sent ever fewer.
    package mutating func beginHeartbeat(
        to host: HostID, at now: Instant, interval: TimeSpan, isHeard: Bool = true
    ) {
        guard let index = index(of: host) else { return }
        neighbours[index].beginHeartbeat(isHeard: isHeard)
        update(index) { $0.beginHeartbeat(at: now, interval: interval) }
    }

    /// The records of the next datagram to a neighbour; `nil` when there are none, or it has to wait.
    ///
    /// - Parameters:
    ///   - host: the neighbour.
    ///   - now: the present.
    ///   - capacity: how many bytes of records the datagram can carry; a record that is longer is sent alone.
    ///   - store: what is held.
    /// - Returns: the records, of which `noteSent` has to be informed when they are sent.
    package mutating func nextBatch(
        to host: HostID, at now: Instant, capacity: Int, of store: RecordStore
    ) -> RecordBatch? {
        guard let index = index(of: host), neighbours[index].isReady, neighbours[index].allowance > 0,
            bucket.availableAt(now) <= now
        else { return nil }
        var draft = BatchDraft(space: capacity)
        for entry in neighbours[index].queue.entries where entry.isReady && !draft.isFull {
            if let stored = store.stored(entry.key) {
                draft.add(stored, isFailure: entry.isFailure)
            } else {
                update(index) { $0.remove(entry.key) }
            }
        }
        let isAllowed = draft.isFull || draft.isFailure || neighbours[index].lastSent + Self.pause <= now
        guard !draft.records.isEmpty, isAllowed else { return nil }
        return RecordBatch(neighbour: host, records: draft.records, versions: draft.versions)
    }

    /// Notes that a batch was sent, as the datagram `number` of the link to its neighbour.
    package mutating func noteSent(_ batch: RecordBatch, as number: UInt64, at now: Instant) {
        guard let index = index(of: batch.neighbour) else { return }
        _ = bucket.take(at: now)
        neighbours[index].lastSent = now
        neighbours[index].allowance -= 1
        update(index) { $0.noteSent(batch.versions, in: RecordQueue.Sending(number: number, instant: now)) }
    }

    /// When the next datagram of records can be sent to any neighbour, seen from `now`; never when none is to be.
    package func nextDeadline(after now: Instant) -> Instant {
        guard readyCount > 0 else { return .never }
        return neighbours.reduce(Instant.never) { earliest, neighbour in
            guard neighbour.isReady, neighbour.allowance > 0 else { return earliest }
            let hasFailure = neighbour.queue.entries.contains { $0.isReady && $0.isFailure }
            let resting = hasFailure ? now : neighbour.lastSent + Self.pause
            return min(earliest, max(resting, bucket.availableAt(now)))
        }
    }

    /// How many keys a neighbour has not acknowledged; 0 if it is none.
    package func pending(for host: HostID) -> Int {
        index(of: host).map { neighbours[$0].queue.entries.count } ?? 0
    }

    /// How many keys found no space in any queue, and were left to repair.
    package var overflows: UInt64 { neighbours.reduce(0) { $0 &+ $1.queue.overflows } }

    private func index(of host: HostID) -> Int? {
        let index = neighbours.partitioningIndex { $0.host >= host }
        return index < neighbours.count && neighbours[index].host == host ? index : nil
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        if zip(neighbours, neighbours.dropFirst()).contains(where: { $0.host >= $1.host }) {
            return "neighbours out of order"
        }
        if readyCount != neighbours.count(where: { $0.queue.entries.contains(where: \.isReady) }) {
            return "\(readyCount) neighbours are counted as ready"
        }
        return neighbours.lazy.compactMap(\.queue.violatedInvariant).first
    }

    private func assertInvariants() {
        assert(neighbours.count > 64 || violatedInvariant == nil, violatedInvariant ?? "")
    }
}

extension Record {
    /// Whether it has to be sent in the turn in which it was taken in: anything but the end of suspicions.
    fileprivate func isUrgent(after earlier: Record?) -> Bool {
        guard let view, let former = earlier?.view, earlier?.epoch == epoch else {
            return view.map { $0.abstains || $0.isDark || !$0.suspects.isEmpty } ?? true
        }
        return view.addsTo(former)
    }

    /// Whether it is the news that a service has failed.
    fileprivate func isNewFailure(after earlier: Record?) -> Bool {
        guard let service, service.isFailure else { return false }
        return !(earlier?.service?.isFailure ?? false)
    }
}

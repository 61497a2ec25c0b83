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

    private struct Neighbour: Sendable {
        let host: HostID
        var queue = RecordQueue()
        var lastSent = Instant(nanoseconds: .min)
    }

    private var neighbours: [Neighbour] = []
    private var bucket = TokenBucket(perSecond: Self.rate, burst: Self.burst)

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
            former.first { $0.host == host } ?? Neighbour(host: host)
        }
    }

    /// Spreads a record that was taken in.
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
            key: record.key, version: version, waitsForHeartbeat: !record.isUrgent(after: replaced),
            isFailure: record.isNewFailure(after: replaced))
        for index in neighbours.indices where !holders.contains(neighbours[index].host) {
            neighbours[index].queue.put(entry)
        }
        for holder in holders { neighbourHas(version, of: record.key, neighbour: holder) }
        assertInvariants()
    }

    /// Notes that a neighbour has a version of a record, because it sent it.
    package mutating func neighbourHas(_ version: RecordVersion, of key: RecordKey, neighbour host: HostID) {
        guard let index = index(of: host) else { return }
        neighbours[index].queue.neighbourHas(version, of: key)
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
        neighbours[index].queue.receive(acknowledgement, at: now, roundTrip: roundTrip)
    }

    /// Makes ready what goes with a heartbeat to a neighbour; it is called when one is sent.
    ///
    /// - Parameters:
    ///   - host: the neighbour.
    ///   - now: the present.
    ///   - interval: the time between two heartbeats.
    package mutating func beginHeartbeat(to host: HostID, at now: Instant, interval: TimeSpan) {
        guard let index = index(of: host) else { return }
        neighbours[index].queue.beginHeartbeat(at: now, interval: interval)
    }

    /// The records of the next datagram to a neighbour; `nil` when there are none, or it has to wait.
    ///
    /// - Parameters:
    ///   - host: the neighbour.
    ///   - now: the present.
    ///   - capacity: how many bytes of records the datagram can carry, at least `RecordLayout.maximumLength`.
    ///   - store: what is held.
    /// - Returns: the records, of which `noteSent` has to be informed when they are sent.
    package mutating func nextBatch(
        to host: HostID, at now: Instant, capacity: Int, of store: RecordStore
    ) -> RecordBatch? {
        guard let index = index(of: host), bucket.availableAt(now) <= now else { return nil }
        var records: [Record] = []
        var versions: [(key: RecordKey, version: RecordVersion)] = []
        var (space, isFull, isFailure) = (capacity, false, false)
        for entry in neighbours[index].queue.entries where entry.isReady {
            guard let stored = store.stored(entry.key) else {
                neighbours[index].queue.remove(entry.key)
                continue
            }
            guard stored.length <= space else {
                isFull = true
                break
            }
            space -= stored.length
            isFailure = isFailure || entry.isFailure
            records.append(stored.record)
            versions.append((entry.key, stored.version))
        }
        let isAllowed = isFull || isFailure || neighbours[index].lastSent + Self.pause <= now
        guard !records.isEmpty, isAllowed else { return nil }
        return RecordBatch(neighbour: host, records: records, versions: versions)
    }

    /// Notes that a batch was sent, as the datagram `number` of the link to its neighbour.
    package mutating func noteSent(_ batch: RecordBatch, as number: UInt64, at now: Instant) {
        guard let index = index(of: batch.neighbour) else { return }
        _ = bucket.take(at: now)
        neighbours[index].lastSent = now
        neighbours[index].queue.noteSent(
            batch.versions, in: RecordQueue.Sending(number: number, instant: now))
    }

    /// When the next datagram of records can be sent to any neighbour, seen from `now`; never when none is to be.
    package func nextDeadline(after now: Instant) -> Instant {
        neighbours.reduce(Instant.never) { earliest, neighbour in
            let ready = neighbour.queue.entries.filter(\.isReady)
            guard !ready.isEmpty else { return earliest }
            let resting = ready.contains(where: \.isFailure) ? now : neighbour.lastSent + Self.pause
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

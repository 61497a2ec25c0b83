internal import CausalClock
internal import FailureDetection

/// What one neighbour has still to be sent, or has not acknowledged.
///
/// Invariants: at most `capacity` keys, each of them once; those about membership come first.
struct RecordQueue: Sendable {
    /// The most keys; what finds no space is left to repair.
    static let capacity = 256

    /// One key in the queue.
    struct Entry: Sendable, BitwiseCopyable {
        let key: RecordKey
        /// The version that the neighbour is to have.
        var version: RecordVersion
        /// How many heartbeats it waits for: 1 if it only ends suspicions, and 2 if it is another host's view.
        var heartbeats: Int
        /// Whether it is the news that a service has failed.
        var isFailure: Bool
        /// The datagram that last carried this version; `nil` when it is to be sent.
        var sent: Sending?

        /// Whether it is to be sent now.
        var isReady: Bool { sent == nil && heartbeats == 0 }
    }

    /// A datagram that carried a record.
    struct Sending: Sendable, BitwiseCopyable {
        /// Its number on the link.
        let number: UInt64
        /// When it was sent.
        let instant: Instant
        /// Whether the neighbour has sent a message since that would have acknowledged it.
        var isMissed = false
    }

    private(set) var entries: [Entry] = []
    /// How many keys found no space.
    private(set) var overflows: UInt64 = 0
    /// When the neighbour last sent a message; `nil` before the first.
    private var heard: Instant?

    /// Puts a version into the queue, in the stead of an earlier one of its key.
    mutating func put(_ entry: Entry) {
        if let index = index(of: entry.key) {
            guard entries[index].version < entry.version else { return }
            let waits = entries[index].sent == nil ? entries[index].heartbeats : entry.heartbeats
            let isFailure = entry.isFailure || (entries[index].isReady && entries[index].isFailure)
            entries[index] = entry
            entries[index].isFailure = isFailure
            entries[index].heartbeats = min(waits, entry.heartbeats)
        } else if entries.count < Self.capacity {
            insert(entry)
        } else {
            overflows &+= 1
        }
    }

    private mutating func insert(_ entry: Entry) {
        guard RecordSection(of: entry.key.kind) == .members else { return entries.append(entry) }
        entries.insert(entry, at: entries.partitioningIndex { RecordSection(of: $0.key.kind) != .members })
    }

    /// Notes that the neighbour has a version of a key, because it sent it.
    mutating func neighbourHas(_ version: RecordVersion, of key: RecordKey) {
        guard let index = index(of: key), entries[index].version <= version else { return }
        entries.remove(at: index)
    }

    /// Notes that entries were sent in a datagram.
    mutating func noteSent(_ versions: [(key: RecordKey, version: RecordVersion)], in sending: Sending) {
        for (key, version) in versions {
            guard let index = index(of: key), entries[index].version <= version else { continue }
            entries[index].version = version
            entries[index].sent = sending
        }
    }

    /// Takes an acknowledgement: what arrived leaves the queue, and what should have arrived is to be sent again.
    ///
    /// - Parameters:
    ///   - acknowledgement: what the message says.
    ///   - now: when it arrived.
    ///   - roundTrip: how long an answer may take: what was sent longer ago is acknowledged by a message that arrives
    ///     at `now`, if it arrived at all.
    mutating func receive(_ acknowledgement: LinkAcknowledgement, at now: Instant, roundTrip: TimeSpan) {
        heard = now
        entries.removeAll { $0.sent.map { acknowledgement.includes($0.number) } ?? false }
        for index in entries.indices {
            guard let sent = entries[index].sent else { continue }
            if sent.number < acknowledgement.highest || sent.instant + roundTrip <= now {
                entries[index].sent?.isMissed = true
            }
        }
    }

    /// Makes ready what goes with a heartbeat: what has waited for it, and what is to be sent again.
    mutating func beginHeartbeat(at now: Instant, interval: TimeSpan) {
        for index in entries.indices {
            entries[index].heartbeats = max(entries[index].heartbeats - 1, 0)
            guard let sent = entries[index].sent else { continue }
            let waitedSince = max(sent.instant, heard ?? sent.instant)
            if sent.isMissed || waitedSince + interval <= now { entries[index].sent = nil }
        }
    }

    /// Sends all again: the numbers on the link begin anew.
    mutating func forgetNumbers() {
        for index in entries.indices { entries[index].sent = nil }
    }

    /// Forgets all: the neighbour holds what this host holds.
    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    /// Forgets a key.
    mutating func remove(_ key: RecordKey) { entries.removeAll { $0.key == key } }

    private func index(of key: RecordKey) -> Int? { entries.firstIndex { $0.key == key } }

    /// The first invariant that does not hold, in words; `nil` while all do.
    var violatedInvariant: String? {
        if entries.count > Self.capacity { return "\(entries.count) keys" }
        let ranks = entries.map { RecordSection(of: $0.key.kind).rawValue }
        return zip(ranks, ranks.dropFirst()).allSatisfy { $0 <= $1 } ? nil : "membership does not come first"
    }
}

package import CausalClock
package import FailureDetection

/// How many new versions of its records one author may spread.
///
/// A host that flaps, or lies, writes as many versions as it likes, and each goes to every host. So each host takes
/// 12 versions of a record in a row, and then one in 5 s; of a service one per second, and of all services of one
/// author 64 in a row, and then 16 per second. What comes faster waits, and a later version of the same record takes
/// its position. Authors hold their own records to the same limits.
///
/// Invariant: one record waits for each key, in ascending order of key; of one author at most `maximumWaiting` services.
package struct RecordGate: Sendable {
    /// The most services of one author that wait.
    package static let maximumWaiting = RecordStore.maximumServices
    private static let burst: Int64 = 12
    private static let slowPeriod = TimeSpan.seconds(5)
    private static let servicePeriod = TimeSpan.seconds(1)
    private static let authorBurst: Int64 = 64
    private static let authorRate: Int64 = 16
    /// From this many on, budgets that are full again are forgotten.
    private static let firstPruning = 256

    private var keys = RecordBudgets<RecordKey>()
    private var authors = RecordBudgets<HostID>()
    private var pruneAt = Self.firstPruning
    /// The records that wait, ascending by key.
    package private(set) var waiting: [Record] = []
    /// How many records were left to repair, because too many of their author waited.
    package private(set) var dropped: UInt64 = 0

    /// How many budgets are kept.
    var budgets: Int { keys.count + authors.count }

    /// A gate that has seen no record.
    package init() {}

    /// Asks for a record that is news; one that is not admitted waits.
    ///
    /// - Parameters:
    ///   - record: the news.
    ///   - isExempt: whether it must not wait.
    ///   - now: the present.
    /// - Returns: whether it is to be taken in now.
    package mutating func admit(_ record: Record, isExempt: Bool = false, at now: Instant) -> Bool {
        defer { assert(violatedInvariant == nil, violatedInvariant ?? "") }
        prune(at: now)
        let key = record.key
        let index = waitingIndex(of: key)
        let isWaiting = index < waiting.count && waiting[index].key == key
        if isWaiting, !waiting[index].dot.precedes(record.dot) { return false }
        if isExempt || (!isWaiting && takeTokens(for: key, at: now)) {
            if isWaiting { waiting.remove(at: index) }
            return true
        }
        wait(record, at: index, isWaiting: isWaiting)
        return false
    }

    private mutating func wait(_ record: Record, at index: Int, isWaiting: Bool) {
        if isWaiting {
            waiting[index] = record
        } else if record.key.kind == .service, waitingServices(of: record.host) >= Self.maximumWaiting {
            dropped &+= 1
        } else {
            waiting.insert(record, at: index)
        }
    }

    /// Takes out the records that have waited long enough, ascending by key.
    package mutating func due(at now: Instant) -> [Record] {
        guard nextDeadline(after: now) <= now else { return [] }
        var due: [Record] = []
        var rest: [Record] = []
        for record in waiting {
            if takeTokens(for: record.key, at: now) { due.append(record) } else { rest.append(record) }
        }
        waiting = rest
        return due
    }

    /// When the first of those that wait is due, seen from `now`; never when none waits.
    package func nextDeadline(after now: Instant) -> Instant {
        waiting.reduce(Instant.never) { min($0, availableAt(now, for: $1.key)) }
    }

    /// Forgets what waits of hosts that are no members any more.
    package mutating func drop(where isGone: (HostID) -> Bool) { waiting.removeAll { isGone($0.host) } }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        zip(waiting, waiting.dropFirst()).allSatisfy { $0.key < $1.key }
            ? nil : "waiting records out of order"
    }
}

extension RecordGate {
    private func waitingIndex(of key: RecordKey) -> Int { waiting.partitioningIndex { $0.key >= key } }

    private func waitingServices(of host: HostID) -> Int {
        waiting.count { $0.key.kind == .service && $0.host == host }
    }

    private func bucket(for key: RecordKey) -> TokenBucket {
        keys[key]
            ?? TokenBucket(
                period: key.kind == .service ? Self.servicePeriod : Self.slowPeriod, burst: Self.burst)
    }

    private func authorBucket(of host: HostID) -> TokenBucket {
        authors[host] ?? TokenBucket(perSecond: Self.authorRate, burst: Self.authorBurst)
    }

    private func availableAt(_ now: Instant, for key: RecordKey) -> Instant {
        let own = bucket(for: key).availableAt(now)
        return key.kind == .service ? max(own, authorBucket(of: key.host).availableAt(now)) : own
    }

    private mutating func takeTokens(for key: RecordKey, at now: Instant) -> Bool {
        guard availableAt(now, for: key) <= now else { return false }
        keys.take(from: bucket(for: key), of: key, at: now)
        if key.kind == .service { authors.take(from: authorBucket(of: key.host), of: key.host, at: now) }
        return true
    }

    /// Forgets the budgets that are as new, so that they do not grow with what strangers name.
    private mutating func prune(at now: Instant) {
        guard budgets >= pruneAt else { return }
        keys.removeFull(at: now)
        authors.removeFull(at: now)
        pruneAt = max(Self.firstPruning, 2 * budgets)
    }
}

/// The token buckets from which something was taken, ascending by key.
private struct RecordBudgets<Key: Comparable & Sendable>: Sendable {
    private var items: [(key: Key, bucket: TokenBucket)] = []

    var count: Int { items.count }

    /// The bucket of a key; `nil` for one from which nothing was taken.
    subscript(key: Key) -> TokenBucket? {
        let index = position(of: key)
        return holds(key, at: index) ? items[index].bucket : nil
    }

    /// Takes a token from the bucket of a key, and keeps it.
    mutating func take(from bucket: TokenBucket, of key: Key, at now: Instant) {
        var bucket = bucket
        _ = bucket.take(at: now)
        let index = position(of: key)
        if holds(key, at: index) {
            items[index].bucket = bucket
        } else {
            items.insert((key, bucket), at: index)
        }
    }

    /// Forgets the buckets that are full, which are as good as new ones.
    mutating func removeFull(at now: Instant) { items.removeAll { $0.bucket.isFull(at: now) } }

    private func position(of key: Key) -> Int { items.partitioningIndex { $0.key >= key } }

    private func holds(_ key: Key, at index: Int) -> Bool { index < items.count && items[index].key == key }
}

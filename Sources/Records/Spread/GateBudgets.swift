internal import CausalClock
internal import FailureDetection

/// The token buckets of a gate: by author and record, of each neighbour and of all together.
///
/// A bucket from which nothing was taken for long is full, and is forgotten; so their number is bounded by how fast
/// tokens can be taken.
struct GateBudgets: Sendable {
    private static let burst: Int64 = 12
    private static let slowPeriod = TimeSpan.seconds(5)
    /// A whole mesh may die within an interval, one host after the other.
    private static let viewBurst = Int64(View.maximumSuspects)
    private static let fastPeriod = TimeSpan.seconds(1)
    private static let authorBurst: Int64 = 64
    private static let authorRate: Int64 = 16
    /// How many times as much all neighbours together may send as each of them.
    private static let shared: Int64 = 3
    private static let answerBurst: Int64 = 16
    private static let answerRate: Int64 = 4
    /// From this many on, budgets that are full again are forgotten.
    private static let firstPruning = 256

    /// Whose budget: of one neighbour; with `nil` of all together.
    private struct Account<Key: Hashable & Sendable>: Hashable, Sendable {
        let key: Key
        let source: HostID?
    }

    private var keys = Buckets<Account<RecordKey>>()
    private var authors = Buckets<Account<HostID>>()
    private var answers = Buckets<HostID>()
    private var pruneAt = Self.firstPruning

    /// How many buckets are kept.
    var count: Int { keys.count + authors.count + answers.count }

    /// Takes what a version of a record costs that a neighbour has sent, if there is enough.
    mutating func take(for key: RecordKey, from source: HostID, at now: Instant) -> Bool {
        guard availableAt(now, for: key, from: source) <= now else { return false }
        for (account, bucket) in keyBuckets(of: key, from: source) {
            keys.take(from: bucket, of: account, at: now)
        }
        for (account, bucket) in authorBuckets(of: key, from: source) {
            authors.take(from: bucket, of: account, at: now)
        }
        return true
    }

    /// When a version of a record can be paid for that a neighbour has sent, seen from `now`.
    func availableAt(_ now: Instant, for key: RecordKey, from source: HostID) -> Instant {
        let buckets =
            keyBuckets(of: key, from: source).map(\.bucket)
            + authorBuckets(of: key, from: source).map(\.bucket)
        return buckets.reduce(Instant(nanoseconds: .min)) { max($0, $1.availableAt(now)) }
    }

    /// By what a record comes before others of its author: the lower, the fewer versions of it have passed recently that a
    /// neighbour had sent.
    func turn(of key: RecordKey, from source: HostID) -> Instant {
        keys.turn(of: Account(key: key, source: source))
    }

    /// Takes what an answer of a member to a report costs, if there is enough.
    mutating func takeAnswer(of member: HostID, at now: Instant) -> Bool {
        let bucket =
            answers[member] ?? TokenBucket(perSecond: Self.answerRate, burst: Self.answerBurst)
        guard bucket.availableAt(now) <= now else { return false }
        answers.take(from: bucket, of: member, at: now)
        return true
    }

    /// Forgets the budgets that are as new, so that they do not grow with what strangers name.
    mutating func prune(at now: Instant) {
        guard count >= pruneAt else { return }
        keys.removeFull(at: now)
        authors.removeFull(at: now)
        answers.removeFull(at: now)
        pruneAt = max(Self.firstPruning, 2 * count)
    }

    /// A host that sends its own records has a budget that no other can spend.
    private func sharers(
        of key: RecordKey, _ source: HostID
    ) -> [(source: HostID?, times: Int64)] {
        let own = (source: HostID?.some(source), times: Int64(1))
        return source == key.host ? [own] : [own, (source: nil, times: Self.shared)]
    }

    /// How many versions of one record of a kind pass in a row, and in what time one more does.
    private static func limits(of kind: RecordKind) -> (burst: Int64, period: TimeSpan) {
        switch kind {
        case .removed, .member: (burst, slowPeriod)
        case .service: (burst, fastPeriod)
        // An outdated view counts in a quorum until the next one passes.
        case .view: (viewBurst, fastPeriod)
        }
    }

    private func keyBuckets(
        of key: RecordKey, from source: HostID
    ) -> [(account: Account<RecordKey>, bucket: TokenBucket)] {
        let (burst, period) = Self.limits(of: key.kind)
        return sharers(of: key, source).map { source, times in
            let account = Account(key: key, source: source)
            let fresh = TokenBucket(
                period: TimeSpan(nanoseconds: period.nanoseconds / times), burst: burst * times)
            return (account, keys[account] ?? fresh)
        }
    }

    private func authorBuckets(
        of key: RecordKey, from source: HostID
    ) -> [(account: Account<HostID>, bucket: TokenBucket)] {
        guard key.kind == .service else { return [] }
        return sharers(of: key, source).map { source, times in
            let account = Account(key: key.host, source: source)
            let fresh = TokenBucket(
                perSecond: Self.authorRate * times, burst: Self.authorBurst * times)
            return (account, authors[account] ?? fresh)
        }
    }
}

/// The token buckets from which something was taken.
///
/// A table by hash: thousands of hosts with dozens of services have more buckets than an ordered list can insert in time.
private struct Buckets<Key: Hashable & Sendable>: Sendable {
    /// By how much one use puts a turn off: more time than there is between two uses of one of 32 services that flap.
    private static var step: TimeSpan { .seconds(4) }
    /// By how much what was quiet comes before what is used all the time: for 12 uses.
    private static var lead: TimeSpan { step * 12 }

    private struct Item: Sendable {
        var bucket: TokenBucket
        /// Between the present, for what is used all the time, and `lead` before.
        var turn: Instant
    }

    private var items: [Key: Item] = [:]

    var count: Int { items.count }

    /// The bucket of a key; `nil` for one from which nothing was taken.
    subscript(key: Key) -> TokenBucket? { items[key]?.bucket }

    func turn(of key: Key) -> Instant { items[key]?.turn ?? Instant(nanoseconds: .min) }

    /// Takes a token from the bucket of a key, and keeps it.
    mutating func take(from bucket: TokenBucket, of key: Key, at now: Instant) {
        var bucket = bucket
        _ = bucket.take(at: now)
        let turn = min(max(turn(of: key), now - Self.lead) + Self.step, now)
        items[key] = Item(bucket: bucket, turn: turn)
    }

    /// Forgets the buckets that are full, which are as good as new ones.
    mutating func removeFull(at now: Instant) {
        let first = now - Self.lead
        items = items.filter { !$0.value.bucket.isFull(at: now) || $0.value.turn > first }
    }
}

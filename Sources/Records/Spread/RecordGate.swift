package import CausalClock
package import FailureDetection

/// How many new versions of its records one author may spread, and one neighbour may send in its name.
///
/// A host that flaps, or lies, writes as many versions as it likes, and each goes to every host. So of one neighbour a
/// host takes 12 versions of a record in a row, and then one in 5 s; of a service one per second; of a view 64 in a row,
/// and then one per second; of all services of one author 64 in a row, and then 16 per second. From all neighbours
/// together, but for the author itself, it takes three times as many: so records that a liar forges leave something over
/// for those that override them. What comes faster waits, and a later version of the same record takes its position.
/// Authors hold their own records to the same limits.
///
/// An answer to a report must not wait. Of one author 16 in a row pass, and then four per second; more wait as others do.
///
/// Of the services of one author the one goes first of which the fewest versions passed recently: services that flap all the
/// time leave the next token to one that was quiet.
///
/// What finds no space is left to repair.
///
/// Invariant: one record waits for each key, in ascending order of key; of one author at most `maximumWaiting` services.
package struct RecordGate: Sendable {
    /// The most records that wait, but for those that their authors have sent themselves.
    static let capacity = 512
    /// The most records that wait, those among them; this host's own find space besides.
    static let fullCapacity = 1_024
    /// The most services of one author that wait.
    package static let maximumWaiting = RecordStore.maximumServices
    /// The most neighbours of which it is kept that they have what waits.
    private static let maximumHolders = 16

    /// A record that waits.
    struct Waiting: Sendable {
        var record: Record
        /// The neighbours that have sent this version, the latest last; of this host's own records this host.
        var holders: [HostID]
        /// Since when a version of it waits.
        let since: Instant
    }

    /// The host whose own records find space in any case; `nil` for none.
    private let owner: HostID?
    private var budgets = GateBudgets()
    /// What waits, ascending by key.
    private(set) var queue: [Waiting] = []
    /// When the first of those that wait is due, or before: kept, so that a turn in which none is costs nothing.
    private var earliest = Instant.never
    /// How many records were left to repair, because too many of their author waited.
    package private(set) var dropped: UInt64 = 0

    /// The records that wait, ascending by key.
    package var waiting: [Record] { queue.map(\.record) }

    /// Whether a version of a record waits.
    func isWaiting(_ key: RecordKey) -> Bool {
        waits(key, at: waitingIndex(of: key))
    }

    private func waits(_ key: RecordKey, at index: Int) -> Bool {
        index < queue.count && queue[index].record.key == key
    }

    /// How many budgets are kept.
    var budgetCount: Int { budgets.count }

    /// A gate that has seen no record, of a host whose own records find space in any case.
    package init(of owner: HostID? = nil) { self.owner = owner }

    /// Asks for a record that is news; one that is not admitted waits.
    ///
    /// - Parameters:
    ///   - record: the news.
    ///   - source: the neighbour that sent it; of a record of this host's own this host.
    ///   - isAnswer: whether it answers a report, so that it must not wait.
    ///   - now: the present.
    /// - Returns: whether it is to be taken in now.
    package mutating func admit(
        _ record: Record, from source: HostID, isAnswer: Bool = false, at now: Instant
    ) -> Bool {
        defer { assert(violatedInvariant == nil, violatedInvariant ?? "") }
        budgets.prune(at: now)
        let index = waitingIndex(of: record.key)
        let isWaiting = waits(record.key, at: index)
        if isWaiting, !queue[index].record.dot.precedes(record.dot) {
            if queue[index].record == record { note(source, at: index, now) }
            return false
        }
        let passes =
            isAnswer && budgets.takeAnswer(of: record.host, at: now)
            || !isBehind(record.key, from: source) && budgets.take(for: record.key, from: source, at: now)
        if passes {
            if isWaiting { queue.remove(at: index) }
            return true
        }
        wait(record, from: source, at: index, isWaiting: isWaiting, now)
        return false
    }

    private mutating func note(_ source: HostID, at index: Int, _ now: Instant) {
        guard !queue[index].holders.contains(source), queue[index].holders.count < Self.maximumHolders
        else { return }
        queue[index].holders.append(source)
        earliest = min(earliest, budgets.availableAt(now, for: queue[index].record.key, from: source))
    }

    private mutating func wait(
        _ record: Record, from source: HostID, at index: Int, isWaiting: Bool, _ now: Instant
    ) {
        if isWaiting {
            queue[index].record = record
            queue[index].holders = [source]
        } else if isFull(for: record, from: source) {
            dropped &+= 1
            return
        } else {
            queue.insert(Waiting(record: record, holders: [source], since: now), at: index)
        }
        earliest = min(earliest, budgets.availableAt(now, for: record.key, from: source))
    }

    /// Takes out the records that have waited long enough: those first of which the fewest versions passed recently, and then
    /// those that have waited for the longest.
    mutating func due(at now: Instant) -> [Waiting] {
        guard earliest <= now else { return [] }
        let turns = queue.map { waiting in
            waiting.holders.map { budgets.turn(of: waiting.record.key, from: $0) }.min() ?? now
        }
        let order = queue.indices.sorted {
            (turns[$0], queue[$0].since, $0) < (turns[$1], queue[$1].since, $1)
        }
        var isDue = [Bool](repeating: false, count: queue.count)
        for index in order {
            let waiting = queue[index]
            isDue[index] = waiting.holders.contains {
                budgets.take(for: waiting.record.key, from: $0, at: now)
            }
        }
        let due = order.filter { isDue[$0] }.map { queue[$0] }
        queue = queue.indices.filter { !isDue[$0] }.map { queue[$0] }
        earliest = firstDue(after: now)
        return due
    }

    private func firstDue(after now: Instant) -> Instant {
        queue.reduce(Instant.never) { earliest, waiting in
            waiting.holders.reduce(earliest) {
                min($0, budgets.availableAt(now, for: waiting.record.key, from: $1))
            }
        }
    }

    /// When to look for records that are due; never when none waits.
    package var nextDeadline: Instant { queue.isEmpty ? .never : earliest }

    /// Forgets what waits of hosts that are no members any more; removals stay, for they are of any host.
    package mutating func drop(where isGone: (HostID) -> Bool) {
        queue.removeAll { $0.record.key.kind != .removed && isGone($0.record.host) }
    }

    /// Takes out what waits of one author.
    mutating func takeWaiting(of author: HostID) -> [Record] {
        let isTheirs = { (waiting: Waiting) in
            waiting.record.host == author && waiting.record.key.kind != .removed
        }
        defer { queue.removeAll(where: isTheirs) }
        return queue.filter(isTheirs).map(\.record)
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        zip(waiting, waiting.dropFirst()).allSatisfy { $0.key < $1.key }
            && queue.allSatisfy { !$0.holders.isEmpty } ? nil : "waiting records out of order"
    }
}

extension RecordGate {
    private func isFull(for record: Record, from source: HostID) -> Bool {
        let ofAuthor = record.key.kind == .service ? waitingIndices(sharing: record.key).count : 0
        // No other host has this host's own records, so that repair would not bring them.
        let space = source == owner ? Int.max : source == record.host ? Self.fullCapacity : Self.capacity
        return ofAuthor >= Self.maximumWaiting || queue.count >= space
    }

    /// Where those stand that are paid for from the same budgets: all services of a host, or the one record.
    private func waitingIndices(sharing key: RecordKey) -> Range<Int> {
        let start = queue.partitioningIndex { waiting in
            let other = waiting.record.key
            return other.kind == key.kind && other.host == key.host && key.kind == .service || other >= key
        }
        let end = queue.partitioningIndex { waiting in
            let other = waiting.record.key
            return (other.kind, other.host) > (key.kind, key.host)
        }
        return start..<max(start, end)
    }

    /// Whether something waits that is paid for from the same budget, and whose turn comes before.
    private func isBehind(_ key: RecordKey, from source: HostID) -> Bool {
        let turn = budgets.turn(of: key, from: source)
        return waitingIndices(sharing: key).contains {
            queue[$0].holders.contains(source)
                && budgets.turn(of: queue[$0].record.key, from: source) <= turn
        }
    }

    private func waitingIndex(of key: RecordKey) -> Int {
        queue.partitioningIndex { $0.record.key >= key }
    }
}

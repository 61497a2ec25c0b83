package import CausalClock
package import FailureDetection

/// When a repair begins, and with which neighbour.
///
/// Digests differ while records are on their way, so three heartbeats in a row have to differ. One repair runs at a time;
/// with one neighbour there is one per second at most. Two in a row after which nothing has changed double the pause, up to a
/// minute: members files that differ keep stores different as long as they do. Then repairs of members and of facts take turns, or
/// a host that has started again would not learn what its neighbours' services do.
///
/// Invariant: neighbours ascend by id, and pauses are between `shortestPause` and `longestPause`.
package struct RepairSchedule: Sendable {
    /// The pause between two repairs with one neighbour.
    package static let shortestPause = TimeSpan.seconds(1)
    /// The pause after many repairs without effect.
    package static let longestPause = TimeSpan.seconds(60)
    /// How many heartbeats with other digests begin a repair.
    package static let patience = 3

    /// What follows from a neighbour's digests.
    package enum Decision: Sendable, Hashable {
        /// Nothing.
        case none
        /// A repair of a section begins.
        case begin(RecordSection)
    }

    private struct Neighbour: Sendable {
        let host: HostID
        var unequal = 0
        /// When the last repair began; `nil` before the first.
        var begun: Instant?
        var notBefore = Instant(nanoseconds: .min)
        var pause = RepairSchedule.shortestPause
        /// The digests, ours and theirs, at the last repair.
        var atRepair: [RecordDigests] = []
        /// How many repairs in a row changed neither.
        var fruitless = 0
        /// What the last repair was of; `nil` before the first.
        var section: RecordSection?

        /// What is to be repaired next: members first, and facts in turn where that has not made the members equal.
        mutating func nextSection(_ ours: RecordDigests, _ theirs: RecordDigests) -> RecordSection {
            let areFactsNext =
                ours.members == theirs.members || section == .members && ours.facts != theirs.facts
            let next: RecordSection = areFactsNext ? .facts : .members
            section = next
            return next
        }
    }

    private var neighbours: [Neighbour] = []
    /// Until when a repair counts as running.
    private var busyUntil = Instant(nanoseconds: .min)
    private var partner: HostID?

    /// A schedule that has heard of no digest.
    package init() {}

    /// Compares the digests in a neighbour's heartbeat with those of our store.
    package mutating func compare(
        _ theirs: RecordDigests, of host: HostID, with ours: RecordDigests, at now: Instant
    ) -> Decision {
        defer { assert(violatedInvariant == nil, violatedInvariant ?? "") }
        let index = makeIndex(of: host)
        guard theirs != ours else {
            // What comes next is a new difference; but one per second remains the limit.
            let begun = neighbours[index].begun
            neighbours[index] = Neighbour(host: host)
            neighbours[index].begun = begun
            neighbours[index].notBefore = begun.map { $0 + Self.shortestPause } ?? neighbours[index].notBefore
            if partner == host { busyUntil = now }
            return .none
        }
        neighbours[index].unequal += 1
        guard neighbours[index].unequal >= Self.patience, neighbours[index].notBefore <= now, busyUntil <= now
        else { return .none }
        note([ours, theirs], at: index, now)
        return .begin(neighbours[index].nextSection(ours, theirs))
    }

    private mutating func note(_ digests: [RecordDigests], at index: Int, _ now: Instant) {
        let isFruitless = neighbours[index].atRepair == digests
        neighbours[index].fruitless = isFruitless ? neighbours[index].fruitless + 1 : 0
        neighbours[index].pause =
            isFruitless && neighbours[index].fruitless > 1
            ? min(neighbours[index].pause * 2, Self.longestPause)
            : isFruitless ? neighbours[index].pause : Self.shortestPause
        neighbours[index].atRepair = digests
        neighbours[index].begun = now
        neighbours[index].notBefore = now + neighbours[index].pause
        neighbours[index].unequal = 0
        partner = neighbours[index].host
        busyUntil = now + Self.shortestPause
    }

    /// The neighbours with which repairs have no effect, ascending: their stores and ours stay different.
    package var fruitless: [HostID] { neighbours.filter { $0.fruitless >= 2 }.map(\.host) }

    /// Whether repairs with a neighbour have no effect.
    func isFruitless(with host: HostID) -> Bool {
        let index = neighbours.partitioningIndex { $0.host >= host }
        return index < neighbours.count && neighbours[index].host == host && neighbours[index].fruitless >= 2
    }

    /// The pause between two repairs with a neighbour at present.
    package func pause(with host: HostID) -> TimeSpan {
        neighbours.first { $0.host == host }?.pause ?? Self.shortestPause
    }

    /// Forgets the neighbours that are none any more.
    package mutating func drop(where isGone: (HostID) -> Bool) { neighbours.removeAll { isGone($0.host) } }

    private mutating func makeIndex(of host: HostID) -> Int {
        let index = neighbours.partitioningIndex { $0.host >= host }
        if index == neighbours.count || neighbours[index].host != host {
            neighbours.insert(Neighbour(host: host), at: index)
        }
        return index
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        if zip(neighbours, neighbours.dropFirst()).contains(where: { $0.host >= $1.host }) {
            return "neighbours out of order"
        }
        let range = Self.shortestPause...Self.longestPause
        return neighbours.first { !range.contains($0.pause) }.map { "a pause of \($0.pause) with \($0.host)" }
    }
}

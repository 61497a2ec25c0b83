import CausalClock
import FailureDetection
import TestSupport
import Testing

@testable import Records

/// Two stores find what one of them lacks.
@Suite("records: repair")
struct RepairTests {
    private static let (left, right) = (Names.hosts[10], Names.hosts[11])
    private static let authors = (0..<120).compactMap { HostID("a\($0)") }
    private static let members = Names.hosts + authors

    private func store(of owner: HostID, _ records: [Record], members: [HostID] = members) -> RecordStore {
        var store = Names.store(of: owner, members: members)
        for record in records { _ = store.merge(record, in: Names.context(of: owner)) }
        return store
    }

    /// Runs a repair of a section to its end; the number of messages.
    private func repair(_ section: RecordSection, _ stores: inout [RecordStore], loss: inout SeededGenerator?)
        -> Int
    {
        var queue = [(to: 1, stores[0].beginRepair(of: section))]
        var count = 0
        while !queue.isEmpty, count < 10_000 {
            let (host, message) = queue.removeFirst()
            count += 1
            if var numbers = loss {
                defer { loss = numbers }
                if Int.random(in: 0..<5, using: &numbers) == 0 { continue }
            }
            if case .records(let records) = message {
                for record in records {
                    _ = stores[host].merge(record, in: Names.context(of: stores[host].owner))
                }
            }
            queue += stores[host].answers(to: message).map { (1 - host, $0) }
        }
        return count
    }

    @Test(
        "for hashes about many authors no records are looked through: their tree is compared, or nothing sent"
    )
    func manyAuthors() {
        let records = Self.authors.map { Record.member($0, 1, 1) }
        let store = store(of: Self.left, records)
        let hashes = (1...100 as ClosedRange<UInt64>).map { $0 }
        let answers = store.answers(to: .summary(.members, .root, hashes))
        guard case .compare(.members, let nodes) = answers.first, answers.count == 1 else {
            Issue.record("\(answers)")
            return
        }
        #expect(nodes.map(\.prefix) == [.root])
        #expect(store.answers(to: .fetch(.members, .root, hashes)).isEmpty)
        #expect(store.violatedInvariant == nil)
    }

    @Test("after one repair of each section two honest stores are equal, and it ends")
    func equal() {
        var loss: SeededGenerator?
        for seed in 0..<60 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed)
            let records = generator.records(200, of: Self.authors)
            var stores = [Self.left, Self.right].map { owner in
                store(of: owner, records.filter { _ in Int.random(in: 0..<4, using: &generator.numbers) > 0 })
            }
            for section in RecordSection.allCases {
                let count = repair(section, &stores, loss: &loss)
                #expect(count < 400, "seed \(seed)")
            }
            #expect(stores[0].contents == stores[1].contents, "seed \(seed)")
            #expect(stores[0].digests == stores[1].digests)
        }
    }

    @Test("lost messages cost further repairs, and no more")
    func losses() {
        for seed in 0..<20 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed)
            let records = generator.records(200, of: Self.authors)
            var stores = [store(of: Self.left, records), store(of: Self.right, [])]
            var loss: SeededGenerator? = SeededGenerator(seed: seed)
            var rounds = 0
            while stores[0].digests != stores[1].digests, rounds < 60 {
                let section: RecordSection =
                    stores[0].digests.members == stores[1].digests.members ? .facts : .members
                _ = repair(section, &stores, loss: &loss)
                rounds += 1
            }
            #expect(rounds < 60 && stores[0].contents == stores[1].contents, "seed \(seed)")
        }
    }

    @Test("a repair ends when one host refuses what the other holds, and the next one is no longer")
    func refused() {
        var loss: SeededGenerator?
        var generator = RecordGenerator(seed: 5)
        let records = generator.records(150, of: Self.authors)
        var stores = [
            store(of: Self.left, records), store(of: Self.right, [], members: Array(Self.members.prefix(40))),
        ]
        let counts = (0..<3).map { _ in repair(.members, &stores, loss: &loss) }
        #expect(counts.allSatisfy { $0 < 400 } && counts[1] <= counts[0] && counts[2] == counts[1])
    }

    @Test("one record among ten thousand hosts is found in a few messages")
    func large() {
        var loss: SeededGenerator?
        let hosts = (0..<10_000).compactMap { HostID("b\($0)") }
        let records = hosts.map { Record.member($0, 1, 1) }
        var stores = [Self.left, Self.right].map {
            store(of: $0, records, members: hosts + [Self.left, Self.right])
        }
        _ = stores[0].merge(.member(hosts[77], 1, 2), in: Names.context(of: Self.left))
        let count1 = repair(.members, &stores, loss: &loss)
        #expect(count1 <= 10)
        #expect(stores[0].digests == stores[1].digests)
    }

    @Test("no message is longer than a datagram, and what is no part of the tree is refused")
    func bounds() {
        let store = store(of: Self.left, Self.authors.map { .member($0, 1, 1) })
        if case .compare(_, let nodes) = store.beginRepair(of: .members) {
            #expect(nodes.count == 1)
        } else {
            Issue.record("a repair begins with the root of the tree")
        }
        let foreign = RepairNode(prefix: .root, children: [UInt64](repeating: 1, count: 16))
        let answers = store.answers(to: .compare(.members, [foreign].compactMap { $0 }))
        #expect(!answers.isEmpty)
        for message in answers {
            switch message {
            case .compare(_, let nodes): #expect(nodes.count <= RepairMessage.maximumNodes)
            case .summary(_, _, let hashes), .fetch(_, _, let hashes):
                #expect(hashes.count <= RepairMessage.maximumHashes)
            case .records: break
            }
        }
        let part = RepairMessage.summary(.members, RepairPrefix(bits: 0, depth: 1) ?? .root, [])
        let few = store.answers(to: part, limit: 500, overhead: 100)
        let lengths = few.map { RepairCodec.encode($0).count + 100 }
        #expect(!few.isEmpty && lengths.reduce(0, +) <= 500)
        #expect(RepairPrefix(bits: 1, depth: 15) == nil && RepairPrefix(bits: 0, depth: 17) == nil)
        #expect(RepairPrefix(bits: 1, depth: 16)?.range == 1...1)
        #expect(RepairPrefix(bits: 0, depth: -1) == nil && RepairPrefix.root.range == 0...UInt64.max)
        #expect(RepairNode(prefix: .root, children: []) == nil)
    }
}

/// When repairs begin.
@Suite("records: schedule of repairs")
struct RepairScheduleTests {
    private let neighbour = Names.hosts[0]
    private let ours = RecordDigests(members: 1, facts: 2)

    private func instant(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .seconds(1_000) + .milliseconds(milliseconds)
    }

    @Test("three heartbeats in a row with other digests begin a repair, members first")
    func patience() {
        var schedule = RepairSchedule()
        let theirs = RecordDigests(members: 9, facts: 9)
        var decisions = (0..<2).map { schedule.compare(theirs, of: neighbour, with: ours, at: instant($0)) }
        decisions.append(schedule.compare(ours, of: neighbour, with: ours, at: instant(3)))
        decisions += (4..<6).map { schedule.compare(theirs, of: neighbour, with: ours, at: instant($0)) }
        #expect(decisions.allSatisfy { $0 == .none })
        let decision = schedule.compare(theirs, of: neighbour, with: ours, at: instant(6))
        #expect(decision == .begin(.members))
        var other = RepairSchedule()
        let facts = (0..<3).map {
            other.compare(RecordDigests(members: 1, facts: 9), of: neighbour, with: ours, at: instant($0))
        }
        #expect(facts.last == .begin(.facts))
    }

    @Test("where members stay different, as with configurations that differ, facts are repaired in turn")
    func turns() {
        var schedule = RepairSchedule()
        let theirs = RecordDigests(members: 9, facts: 9)
        let begun = (0..<40).map {
            schedule.compare(theirs, of: neighbour, with: ours, at: instant($0 * 200))
        }
        .filter { $0 != .none }
        #expect(begun.prefix(4) == [.begin(.members), .begin(.facts), .begin(.members), .begin(.facts)])
        let equal = RecordDigests(members: 9, facts: ours.facts)
        let later = (50..<400).map {
            schedule.compare(equal, of: neighbour, with: ours, at: instant($0 * 200))
        }
        #expect(later.contains(.begin(.members)) && !later.contains(.begin(.facts)))
    }

    @Test(
        "one repair at a time, and one per second and neighbour; without effect twice, the pause doubles up to a minute"
    )
    func pauses() {
        var schedule = RepairSchedule()
        let theirs = RecordDigests(members: 9, facts: 9)
        var begun: [Int64] = []
        for step in 0..<3_000 as Range<Int64> {
            let now = instant(step * 200)
            if schedule.compare(theirs, of: neighbour, with: ours, at: now) != .none {
                begun.append(step * 200)
            }
            let other = schedule.compare(theirs, of: Names.hosts[1], with: ours, at: now)
            if other != .none { #expect(begun.last != step * 200) }
        }
        let gaps = zip(begun, begun.dropFirst()).map { $1 - $0 }
        #expect(gaps.first ?? 0 >= 1_000 && gaps.max() ?? 0 <= 62_000 && gaps.last ?? 0 >= 60_000)
        #expect(schedule.fruitless == [neighbour, Names.hosts[1]].sorted())
        let fruitless = schedule
        let settled = schedule.compare(ours, of: neighbour, with: ours, at: instant(700_000))
        #expect(settled == .none && schedule.pause(with: neighbour) == RepairSchedule.shortestPause)
        #expect(fruitless.pause(with: neighbour) == RepairSchedule.longestPause)
    }

    @Test("equal digests end a long pause, and never the one of a second")
    func afterEqual() {
        var schedule = RepairSchedule()
        let theirs = RecordDigests(members: 9, facts: 9)
        var begun: [Int64] = []
        for step in 0..<3_000 as Range<Int64> {
            // Once in five heartbeats the digests are equal.
            let digests = step % 5 == 0 ? ours : theirs
            let decision = schedule.compare(digests, of: neighbour, with: ours, at: instant(step * 50))
            if decision != .none { begun.append(step * 50) }
        }
        let gaps = zip(begun, begun.dropFirst()).map { $1 - $0 }
        #expect(gaps.min() ?? 0 >= 1_000 && gaps.max() ?? .max <= 1_500)
        for step in 0..<600 as Range<Int64> {
            _ = schedule.compare(theirs, of: neighbour, with: ours, at: instant(200_000 + step * 200))
        }
        #expect(schedule.pause(with: neighbour) >= .seconds(16))
        _ = schedule.compare(ours, of: neighbour, with: ours, at: instant(321_000))
        let decisions = (0..<3).map {
            schedule.compare(theirs, of: neighbour, with: ours, at: instant(322_100 + $0))
        }
        #expect(decisions.last != RepairSchedule.Decision.none)
    }
}

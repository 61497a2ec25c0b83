import CausalClock
import TestSupport
import Testing

@testable import Records

/// What a store holds follows from the set of records alone.
@Suite("records: stores converge")
struct ConvergenceTests {
    /// The owner takes part in no test: its own records obey rules of their own.
    private static let owner = Names.hosts[11]
    private static let authors = Array(Names.hosts[0..<4])

    private func merged(_ records: [Record], members: [HostID] = Names.hosts) -> RecordStore {
        var store = Names.store(of: Self.owner, members: members)
        for record in records { _ = store.merge(record, in: Names.context(of: Self.owner)) }
        return store
    }

    @Test(
        "a store holds what the oracle computes from all records, liars' included", arguments: [false, true])
    func oracle(liars: Bool) {
        for seed in 0..<300 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed, liars: liars)
            let records = generator.records(.random(in: 1...60, using: &generator.numbers), of: Self.authors)
            let store = merged(records)
            #expect(store.contents == StoreOracle(records, members: Names.hosts).records, "seed \(seed)")
            #expect(store.violatedInvariant == nil)
        }
    }

    @Test("order, loss that is made good, and copies change nothing: contents and digests are equal")
    func order() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed, liars: seed.isMultiple(of: 2))
            let records = generator.records(40, of: Self.authors)
            let first = merged(records)
            let copies = records + records.shuffled(using: &generator.numbers).prefix(20)
            let second = merged(copies.shuffled(using: &generator.numbers))
            #expect(first.contents == second.contents, "seed \(seed)")
            #expect(first.digests == second.digests, "seed \(seed)")
        }
    }

    @Test("more services than a host may have: the same 32 are kept in any order, the latest ones")
    func surplus() {
        for seed in 0..<60 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed)
            let records = (0..<200).map { _ in
                generator.record(of: [Self.authors[0]], services: 40, epochs: 2, events: 50)
            }.filter { $0.key.kind != .removed }
            let store = merged(records.shuffled(using: &generator.numbers))
            #expect(store.contents == StoreOracle(records, members: Names.hosts).records, "seed \(seed)")
            #expect(store.services(of: Self.authors[0]).count <= RecordStore.maximumServices)
        }
    }

    @Test("honest stores are equal if and only if their digests are")
    func digests() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed)
            let records = generator.records(12, of: Self.authors)
            let (left, right) = (
                merged(records.filter { _ in Bool.random(using: &generator.numbers) }),
                merged(records.filter { _ in Bool.random(using: &generator.numbers) })
            )
            for section in RecordSection.allCases {
                let isEqual = left.records(section) == right.records(section)
                #expect(isEqual == (left.digests[section] == right.digests[section]), "seed \(seed)")
            }
        }
    }

    @Test("nothing removed or of an earlier incarnation returns, whatever comes after")
    func removals() {
        let (subject, context) = (Self.authors[0], Names.context(of: Self.owner))
        for seed in 0..<200 as Range<UInt64> {
            var generator = RecordGenerator(seed: seed)
            let records = generator.records(30, of: [subject])
            var store = merged(records)
            _ = store.merge(Record(removing: subject, upTo: Epoch(3)), in: context)
            for record in records.shuffled(using: &generator.numbers) { _ = store.merge(record, in: context) }
            #expect(store.contents == [Record(removing: subject, upTo: Epoch(3))], "seed \(seed)")
            _ = store.merge(.member(subject, 4, 1), in: context)
            #expect(store.incarnation(of: subject) == Epoch(4), "a later incarnation is a member again")
        }
    }

    @Test("a removal survives a smaller one, however late it comes")
    func removalMaximum() {
        let context = Names.context(of: Self.owner)
        var store = merged([])
        _ = store.merge(Record(removing: Self.authors[0], upTo: Epoch(7)), in: context)
        _ = store.merge(Record(removing: Self.authors[0], upTo: Epoch(5)), in: context)
        #expect(store.removedThrough(Self.authors[0]) == Epoch(7))
    }

    @Test("members that are configured later learn nothing false: what came before was refused, and counted")
    func strangers() {
        let records = [Record.member(Self.authors[0], 1, 1), .view(by: Self.authors[0], 1, 2)]
        var store = merged(records, members: [])
        #expect(store.contents.isEmpty && store.refusals[.stranger] == 2)
        store.setMembers(Names.hosts)
        for record in records { _ = store.merge(record, in: Names.context(of: Self.owner)) }
        #expect(store.contents.count == 2)
        store.setMembers([])
        #expect(store.contents.isEmpty && store.digests == RecordDigests())
    }
}

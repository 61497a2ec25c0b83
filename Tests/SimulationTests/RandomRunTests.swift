import FailureDetection
import Simulation
import Testing

@Suite("random faults")
struct RandomRunTests {
    @Test("no promise is broken, whatever goes wrong", arguments: 1...8 as ClosedRange<UInt64>)
    func promises(seed: UInt64) {
        var run = RandomRun(FaultPlan(seed: seed, nodes: nil, duration: .seconds(10)))
        #expect(run.run().breaches.first == nil)
    }

    /// What it once took to break a promise: a bound that knew only round trips of times without a suspicion, one that
    /// forgot that a detector remembers, a new configuration that made a ping the last one, answers that came too late and
    /// were weighed with the next review, a target beside a detector without a margin, votes of a silence in which nothing
    /// could be sent, those of a process that was killed while it sent them, and a question about another peer that made a round
    /// longer.
    @Test(
        "no promise is broken any more by what once broke it",
        arguments: [
            (2_160, [2, 3]), (7_927, [4, 5]), (9_018, [3]), (3_613, [1, 2, 3]), (6_512, [0, 1, 2]),
            (6_922, [0, 1]), (9_971, [3, 4]), (1_334, [1, 2]), (3_441, [3]), (10_954, [2]),
            (20_334, [4, 5]), (24_775, [0, 1, 2, 3]), (26_757, [3, 4]), (59_242, [0, 1, 2, 3, 4, 5]),
            (58_727, [0, 1, 3, 4, 5]), (10_323, [0, 1, 2]), (19_336, [0]),
            (103_758, [0, 1, 2, 3]), (106_158, [1, 2, 3, 4, 5]), (101_634, [0, 1]), (104_305, [0, 2]),
            (112_716, [3, 4]), (308_929, [0, 1]), (453_171, [1, 2, 4, 5]),
            (462_369, [0, 1]), (415_380, [1, 3]), (420_815, [0, 2, 3]), (424_058, [3, 4]),
            (474_396, [0, 1, 2]), (421_653, [1, 3]),
            (476_752, [0, 1, 3, 4, 5]), (502_200, [0, 1]), (505_719, [2]), (702_544, [0, 1, 2, 3, 5]),
            (477_606, [0, 5]),
        ] as [(UInt64, [Int])])
    func mended(seed: UInt64, faults: [Int]) {
        let plan = FaultPlan(seed: seed, nodes: nil, duration: .seconds(20)).keeping(faults)
        var run = RandomRun(plan)
        #expect(run.run().breaches.first == nil)
    }

    @Test(
        "of two hosts, the bound holds where only stamps show how long messages take, or the last ones do",
        arguments: [(739, [0, 1, 2]), (1_381, [0, 2])] as [(UInt64, [Int])])
    func stamps(seed: UInt64, faults: [Int]) {
        let plan = FaultPlan(seed: seed, nodes: 2, duration: .seconds(20)).keeping(faults)
        var run = RandomRun(plan)
        #expect(run.run().breaches.first == nil)
    }

    @Test("forged errors change nothing that is reported", arguments: 1...3 as ClosedRange<UInt64>)
    func forgery(seed: UInt64) {
        var plan = FaultPlan(seed: seed, nodes: 4, duration: .seconds(5))
        // A loop that wakes late by chance is late by another chance with every error that wakes it.
        plan.settings.lag = .zero
        plan.faults.removeAll { ["starve", "forgery"].contains($0.fault.kind) }
        // Nor are records sent in another order by a turn more.
        var without = RandomRun(plan, keepsJournal: true, publishesRecords: false)
        for (victim, subject, rate) in [(0, 1, 5), (2, 3, 95), (3, 0, 500)] {
            let forgery = Fault.forgery(to: victim, about: subject, perSecond: rate)
            plan.faults.append(
                PlannedFault(
                    forgery, begins: Instant(nanoseconds: 1), lasts: plan.faultsEnd - Instant(nanoseconds: 0))
            )
        }
        var with = RandomRun(plan, keepsJournal: true, publishesRecords: false)
        let (calm, attacked) = (without.run(), with.run())
        #expect(attacked.turns > calm.turns + 100 && attacked.breaches.isEmpty)
        #expect(with.journal.map { "\($0)" } == without.journal.map { "\($0)" })
    }

    @Test("each fault is drawn, and changes what happens", arguments: Fault.kinds)
    func drawn(kind: String) throws {
        let plans = (1...400 as ClosedRange<UInt64>).lazy.compactMap { seed -> FaultPlan? in
            let plan = FaultPlan(seed: seed, nodes: 3, duration: .seconds(3))
            return plan.faults.firstIndex { $0.fault.kind == kind }.map { plan.keeping([$0]) }
        }
        _ = try #require(plans.first, "not drawn in 400 seeds")
        // One that lasts some milliseconds only may pass between two datagrams.
        let changes = plans.prefix(4).contains { plan in
            var (with, without) = (RandomRun(plan), RandomRun(plan.keeping([])))
            let (changed, calm) = (with.run(), without.run())
            return changed.turns != calm.turns || changed.datagrams != calm.datagrams
        }
        // No deadline depends on a wall clock.
        #expect(changes == (kind != "wall clock"))
    }
}

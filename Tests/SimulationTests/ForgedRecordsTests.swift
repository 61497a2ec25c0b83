import CausalClock
import FailureDetection
import Records
import Testing

@testable import Simulation

/// Members that write records in the name of others.
@Suite("forged records")
struct ForgedRecordsTests {
    /// A cluster in which the first host writes records in the name of the second for four seconds, and nothing else is wrong.
    private static func plan(_ lie: RecordLie, perSecond rate: Int, seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed, nodes: 4, duration: .seconds(1)).keeping([])
        plan.settings = ClusterSettings(
            nodes: 4, interval: .milliseconds(100),
            link: LinkModel(delay: .microseconds(250), jitter: .microseconds(500)))
        let fault = Fault.forgedRecords(by: 0, about: 1, lie, perSecond: rate)
        let begins = Instant(nanoseconds: 0) + plan.settings.settling + .seconds(1)
        plan.faults = [PlannedFault(fault, begins: begins, lasts: .seconds(4))]
        plan.faultsEnd = begins + .seconds(9)
        return plan
    }

    @Test(
        "each lie is reported or counted, hides no change of a service for long, and leaves nothing behind",
        arguments: RecordLie.allCases)
    func noticed(lie: RecordLie) {
        for rate in lie == .flood ? [500] : [5, 100] {
            var run = RandomRun(Self.plan(lie, perSecond: rate, seed: 3))
            #expect(run.run().breaches.map(\.description) == [], "\(rate) times a second")
        }
    }

    @Test("what only a restart ends is found where none follows", arguments: [RecordLie.unseen, .later])
    func withoutRestart(lie: RecordLie) {
        let plan = Self.plan(lie, perSecond: 5, seed: 4)
        var world = World(plan.settings, seed: 4)
        var checks = WorldChecks(plan)
        world.run(until: world.now + .seconds(5))
        world.startLying(0, about: 1, lie, perSecond: 5)
        world.run(until: world.now + .seconds(4))
        world.stopLying(0, about: 1, lie)
        world.run(until: world.now + .seconds(15))
        checks.judgeRecords(in: world)
        #expect(!checks.breaches.isEmpty, "docs/SECURITY.md says that this holds until the host starts again")
        world.crash(1, refuses: true)
        world.start(1)
        world.run(until: world.now + .seconds(15))
        var after = WorldChecks(plan)
        after.judgeRecords(in: world)
        #expect(after.breaches.map(\.description) == [])
    }

    @Test("a conflict in the records of a host in whose name no other writes is a breach")
    func conflict() throws {
        var plan = Self.plan(.services, perSecond: 20, seed: 5)
        let fault = plan.faults[0]
        plan.faults = []
        var world = World(plan.settings, seed: 5)
        var checks = WorldChecks(plan)
        let name = try #require(ServiceName("db"))
        world.change(name, of: 1, to: ServiceFacts(state: .down))
        while let place = world.step(before: fault.begins) { checks.afterTurn(of: place, in: world) }
        #expect(checks.breaches.isEmpty)
        world.begin(fault, of: plan.settings)
        while let place = world.step(before: fault.ends) { checks.afterTurn(of: place, in: world) }
        #expect(checks.breaches.contains { $0.promise == .proof })
    }
}

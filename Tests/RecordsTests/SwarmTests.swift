import CausalClock
import FailureDetection
import TestSupport
import Testing

@testable import Records

/// Whole exchanges: stores, limits, spreading and repair together.
@Suite("records: hosts on links that lose, double and delay")
struct SwarmTests {
    private func change(_ swarm: inout Swarm, _ generator: inout SeededGenerator) {
        let host = Int.random(in: 0..<swarm.hosts.count, using: &generator)
        let value = UInt64.random(in: 1...100, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: swarm.publish(.member(MemberFacts(version: "v\(value)")), by: host)
        case 1, 2:
            let report = SuspicionReport(
                subject: value, epoch: Epoch(1), counter: 1, verdict: .init(.crash, .suspected))
            swarm.publish(.view(View(suspects: value > 50 ? [report] : [])), by: host)
        default:
            let name = Names.services[Int(value % 4)]
            swarm.publish(
                .service(name, ServiceFacts(state: value > 50 ? .up : .down, generation: value)), by: host)
        }
    }

    @Test("whatever is lost, doubled and delayed, all hosts hold the same soon after it ends")
    func convergence() {
        for seed in 0..<12 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var swarm = Swarm(count: 8, degree: 4, seed: seed)
            swarm.faults = Swarm.Faults(
                lost: Int.random(in: 0...60, using: &generator), doubled: 20,
                delay: Int.random(in: 1...150, using: &generator))
            for _ in 0..<60 {
                change(&swarm, &generator)
                swarm.run(milliseconds: Int.random(in: 1...60, using: &generator))
            }
            swarm.faults = Swarm.Faults()
            let duration = swarm.converge(within: 15_000)
            #expect(duration != nil, "seed \(seed)")
            #expect(swarm.conflicts.isEmpty)
        }
    }

    @Test("on links without trouble a change is everywhere after a few hops, and no repair is needed")
    func fast() {
        var swarm = Swarm(count: 12, degree: 4, seed: 1)
        swarm.run(milliseconds: 500)
        for host in swarm.hosts.indices { swarm.publish(.member(MemberFacts(version: "1")), by: host) }
        let duration = swarm.converge(within: 1_000)
        #expect((duration ?? 1_000) <= 3 * 3 + 2 * 5 + 5)
    }

    @Test("forged records in others' names are overridden, and reported as conflicts of these hosts")
    func forgery() {
        var swarm = Swarm(count: 8, degree: 4, seed: 3)
        for host in swarm.hosts.indices { swarm.publish(.member(MemberFacts(version: "1")), by: host) }
        _ = swarm.converge(within: 2_000)
        let victim = swarm.hosts[2]
        swarm.inject(
            [
                .member(victim, 1, 50, version: "forged"), .view(by: victim, 1, 60, abstains: true),
                .service(Names.services[0], of: victim, 1, 70),
            ], into: 6)
        let duration = swarm.converge(within: 5_000)
        #expect(duration != nil && swarm.conflicts.contains(victim))
        let store = swarm.exchanges[7].store
        #expect(store.record(RecordKey(.member, victim))?.member?.version == "own")
        #expect(store.record(RecordKey(.view, victim))?.view?.abstains == false)
        #expect(store.services(of: victim).isEmpty)
    }

    @Test(
        "a removal reaches every host, and whatever is sent again later, the removed incarnation does not return"
    )
    func removal() {
        var swarm = Swarm(count: 8, degree: 4, seed: 4)
        swarm.faults = Swarm.Faults(lost: 30, doubled: 10, delay: 30)
        for host in swarm.hosts.indices { swarm.publish(.member(MemberFacts(version: "1")), by: host) }
        let stale = Record.member(swarm.hosts[5], 1, 1, version: "1")
        swarm.run(milliseconds: 400)
        swarm.inject([Record(removing: swarm.hosts[5], upTo: Epoch(1))], into: 0)
        for host in [1, 3, 7] {
            swarm.run(milliseconds: 100)
            swarm.inject([stale], into: host)
        }
        swarm.faults = Swarm.Faults()
        let duration = swarm.converge(within: 15_000)
        #expect(duration != nil)
        #expect(swarm.exchanges.allSatisfy { $0.store.record(RecordKey(.member, swarm.hosts[5])) == nil })
    }

    @Test(
        "a host that changes a service a hundred times a second costs its neighbours a bounded number of datagrams"
    )
    func flapping() {
        var swarm = Swarm(count: 8, degree: 4, seed: 5)
        swarm.run(milliseconds: 1_000)
        let before = swarm.datagrams
        for number in 0..<1_000 as Range<UInt64> {
            let report = ServiceFacts(state: number.isMultiple(of: 2) ? .down : .up, restarts: number)
            swarm.publish(.service(Names.services[0], report), by: 0)
            swarm.run(milliseconds: 10)
        }
        let heartbeats = 8 * 4 * 10_000 / Swarm.interval
        let versions = 12 + 10 + 1
        #expect(swarm.datagrams - before <= heartbeats + 8 * 4 * versions)
        let duration = swarm.converge(within: 5_000)
        #expect(duration != nil)
        #expect(swarm.exchanges[4].store.services(of: swarm.hosts[0]).first?.report.restarts == 999)
    }
}

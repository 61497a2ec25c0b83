import Testing

@testable import FailureDetection
@testable import Simulation
@testable import Wire

@Suite("a witness that is only waiting for a heartbeat itself denies nothing")
struct OverdueWitnessTests {
    @Test(
        "a link that is proved broken is no crash while heartbeats reach the witness late", arguments: 1...4)
    func jitter(seed: UInt64) {
        let settings = ClusterSettings(
            nodes: 3, interval: .milliseconds(200), link: LinkModel(delay: .milliseconds(1)))
        var world = World(settings, seed: seed)
        world.run(until: world.now + .seconds(5))
        var lost = LinkModel(delay: .milliseconds(1))
        lost.loss = 1
        world.setLink(lost, from: 2, to: 0)
        // Later than the margin of 20 ms now and then.
        world.setLink(LinkModel(delay: .milliseconds(1), jitter: .milliseconds(60)), from: 2, to: 1)
        world.run(until: world.now + .seconds(2))
        var overdue = 0
        for _ in 0..<3_000 {
            world.run(until: world.now + .milliseconds(10))
            guard let witness = world.hosts[1].endpoint?.monitor,
                let monitor = world.hosts[0].endpoint?.monitor,
                let subject = witness.index(of: world.hosts[2].id),
                let index = monitor.index(of: world.hosts[2].id)
            else { continue }
            overdue += witness.state(ofPeer: subject) == .pending ? 1 : 0
            let cause = monitor.report(ofPeer: index).verdict?.cause
            #expect(cause == .link || cause == .inbound, "\(world.now)")
        }
        #expect(overdue > 0)
    }
}

import FailureDetection
import Testing
import Wire

@testable import Simulation

/// What hosts send, by kind of message.
@Suite("bytes that hosts send")
struct BytesTests {
    private static let link = LinkModel(delay: .microseconds(250), jitter: .microseconds(500))

    @Test("every datagram of a run with a crash and a goodbye is counted as one kind")
    func complete() {
        var world = World(ClusterSettings(nodes: 4, interval: .milliseconds(200), link: Self.link), seed: 1)
        var meter = TrafficMeter()
        meter.run(&world, until: world.now + .seconds(3))
        world.crash(0, refuses: false)
        meter.run(&world, until: world.now + .seconds(3))
        #expect(meter.all.datagrams == world.sent.reduce(0, +))
        #expect(meter.all.bytes > 50 * meter.all.datagrams)
    }

    @Test("an idle host sends heartbeats only, and asks for a peer when that crashes")
    func phases() {
        var trial = BytesTrial()
        trial.run(
            ClusterSettings(nodes: 3, interval: .milliseconds(200), link: Self.link), services: 2,
            .seconds(4), seed: 2)
        let (idle, crash) = (trial.meters[0], trial.meters[1])
        #expect(abs(idle.perHostSecond(idle[.heartbeat].datagrams) - 10) < 0.5)
        #expect(idle.all.datagrams == idle[.heartbeat].datagrams)
        #expect(crash[.ping].datagrams > 0 && crash[.pong].datagrams > 0 && crash[.repair].datagrams == 0)
    }
}

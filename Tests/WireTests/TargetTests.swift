import Testing

@testable import FailureDetection
@testable import Wire

/// Two hosts that were given a target and nothing else, over links that they have to measure themselves.
@Suite("a target")
struct TargetTests {
    private static let second = QualityTarget(
        detectionTime: .seconds(1), mistakeRecurrence: .seconds(86_400), mistakeDuration: .seconds(60))

    private func network(
        _ target: QualityTarget = second, loss: Int = 10, mode: MonitoringMode = .heartbeatAndPing,
        other: QualityTarget? = second, seed: UInt64 = 1
    ) -> Network {
        let link = Network.Link(loss: loss, doubling: 0)
        return Network(toFirst: link, toSecond: link, seed: seed) { name in
            var settings = settings(name, mode: mode)
            settings.target = name == "b" ? target : other
            return settings
        }
    }

    private func report(_ network: Network, _ place: Int = 0) throws -> TargetReport {
        try #require(network.endpoints[place].monitor.report(ofPeer: 0).target)
    }

    @Test("is kept from assumptions at first, and from what was measured later", arguments: [1, 2, 3])
    func measured(seed: UInt64) throws {
        var network = network(loss: 30, seed: seed)
        network.run(.milliseconds(1))
        let first = try report(network)
        #expect(!first.isMeasured && first.path == .assumed && first.limit == nil)
        #expect(first.detectionTime <= .milliseconds(1_010))
        network.run(.seconds(1_200))
        let later = try report(network)
        #expect(later.isMeasured && later.limit == nil)
        #expect(abs(later.path.loss.rate - 0.03) < 0.012, "\(later.path.loss.rate)")
        #expect(later.path.delayDeviation >= .milliseconds(1) && later.path.delayDeviation < .milliseconds(3))
        #expect(later.detectionTime <= .milliseconds(1_010))
        #expect(later.plan.mistakeRecurrence >= Self.second.mistakeRecurrence)
        #expect(!network.notices.contains(.suspect) && !network.notices.contains(.target))
    }

    @Test(
        "bounds the time to the suspicion, whenever the peer crashes",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping], [0, 90, 170, 260, 390])
    func detected(mode: MonitoringMode, phase: Int64) throws {
        var network = network(loss: 0, mode: mode)
        network.run(.seconds(200) + .milliseconds(phase))
        #expect(try report(network).limit == nil)
        network.crashed = [1]
        let crash = network.now
        network.run(.seconds(2))
        let suspicion = try #require(network.reported.first { $0.notice.kind == .suspect }?.notice)
        #expect(suspicion.at - crash <= .milliseconds(1_010), "\((suspicion.at - crash).microseconds) µs")
    }

    @Test(
        "that a path cannot keep is reported once; the detection time is kept, with mistakes as rare as it allows"
    )
    func infeasible() throws {
        var hard = Self.second
        hard.detectionTime = .milliseconds(60)
        var network = network(hard, loss: 100, other: hard)
        network.run(.seconds(300))
        let reported = network.reported.filter { $0.place == 0 && $0.notice.kind == .target }
        #expect(reported.count == 1)
        let report = try #require(reported.first?.notice.target)
        #expect(report.limit == .mistakeRecurrence)
        #expect(report.detectionTime <= hard.detectionTime + hard.detectionTime / 50)
        #expect(report.plan.mistakeRecurrence < hard.mistakeRecurrence)
    }

    @Test(
        "at a peer that sends too rarely: margin and retries make the best of it, and the reason is reported")
    func slowPeer() throws {
        var network = network(loss: 20, other: nil)
        // The peer has no target, and was configured to send every two seconds.
        var slow = settings("a")
        slow.interval = .seconds(2)
        network.endpoints[1].retune([slow], at: network.now)
        network.run(.seconds(1_000))
        let reported = network.reported.filter { $0.place == 0 && $0.notice.kind == .target }
        #expect(reported.count == 1)
        let report = try #require(reported.first?.notice.target)
        #expect(report.limit == .peerInterval && report.plan.interval == .seconds(2))
        #expect(report.detectionTime > .seconds(2) && report.detectionTime < .seconds(4))
        #expect(!network.notices.contains(.suspect))
    }

    @Test("that is not set leaves the settings as they are")
    func none() {
        let network = network(other: nil)
        #expect(network.endpoints[1].monitor.report(ofPeer: 0).target == nil)
        #expect(network.endpoints[1].monitor.report(ofPeer: 0).settings.interval == .milliseconds(100))
    }

    @Test("may change while the peer is watched; a slower pace is taken up only when the peer knows of it")
    func slower() throws {
        var network = network(loss: 300, mode: .heartbeat, other: nil)
        network.run(.seconds(20))
        var slow = settings("a", mode: .heartbeat)
        slow.interval = .seconds(1)
        slow.detector = .median(margin: .seconds(3))
        network.notices.removeAll()
        // Nothing arrives while the new pace is announced: the old one is kept.
        network.links[0].loss = 1_000
        let before = network.endpoints[1].sent
        network.endpoints[1].retune([slow], at: network.now)
        network.run(.seconds(2))
        #expect(network.endpoints[1].sent - before >= 19)
        network.links[0].loss = 0
        network.links[1].loss = 0
        network.run(.seconds(2))
        let known = network.endpoints[1].sent
        network.run(.seconds(10))
        #expect(network.endpoints[1].sent - known <= 11)
    }

    @Test(
        "jitter makes heartbeats come early, never late, and by no more than it says", arguments: [0, 25, 90])
    func jitter(percent: Int) {
        let link = Network.Link(loss: 0, doubling: 0, delay: .milliseconds(1), jitter: .zero)
        var network = Network(toFirst: link, toSecond: link, seed: 5) { name in
            var settings = settings(name, mode: .heartbeat)
            settings.jitter = percent
            return settings
        }
        network.run(.seconds(100))
        #expect(network.notices == [.trust, .trust])
        // A thousand intervals, each shorter by half the jitter on average, and two greetings.
        let expected = 1_000 / (1 - Double(percent) / 200)
        #expect(abs(Double(network.endpoints[0].sent) / expected - 1) < 0.05, "\(network.endpoints[0].sent)")
    }
}

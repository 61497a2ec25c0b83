import CausalClock
import FailureDetection
import Testing
import Wire

@testable import Simulation

/// What is published as the bound of the detection time holds on links whose delays change.
@Suite("the bound of the detection time")
struct BoundTests {
    /// How a link behaves.
    enum Path: CaseIterable {
        /// A round trip of a millisecond, and nothing lost.
        case clean
        /// 30 % lost each way.
        case lossy
        /// Each way takes up to 50 ms more.
        case jitter
        /// Each way takes up to 300 ms more.
        case wildJitter
        /// The way from the peer takes 150 ms more for every other three seconds.
        case steps
        /// The same for a quarter of a second in every two, so that a quick observer suspects the peer each time.
        case quickSteps
        /// The way from the peer took 150 ms more, for eight seconds in the beginning.
        case mended
    }

    @Test(
        "a crash is found within the bound that was published just before",
        arguments: [Path.clean, .lossy, .jitter, .wildJitter, .steps], [2, 4])
    func crashes(path: Path, hosts: Int) throws {
        for seed in 1...12 as ClosedRange<UInt64> {
            var cluster = SteppingCluster(path, hosts: hosts, seed: seed)
            cluster.run(.seconds(12) + .milliseconds(Int64(seed) * 397))
            let bound = try #require(cluster.bound)
            let crash = cluster.crash()
            let found = try #require(crash)
            #expect(found <= bound, "seed \(seed): \(found.microseconds) µs, bound \(bound.microseconds) µs")
        }
    }

    @Test(
        "so it is where each slow time of the path is a suspicion",
        arguments: [MonitoringMode.heartbeatAndPing, .ping])
    func suspected(mode: MonitoringMode) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            var cluster = SteppingCluster(.quickSteps, hosts: 4, seed: seed, interval: .milliseconds(50)) {
                $0.mode = mode
            }
            cluster.run(.seconds(9) + .milliseconds(Int64(seed) * 97))
            let crash = cluster.crash()
            let (found, bound) = (try #require(crash), try #require(cluster.published))
            #expect(found <= bound, "seed \(seed): \(found.microseconds) µs, bound \(bound.microseconds) µs")
        }
    }

    @Test(
        "so it is where the detector remembers a path that has become quicker",
        arguments: [
            DetectorChoice.median(margin: .milliseconds(40)), .chen(margin: .milliseconds(40)),
            .twoWindow(margin: .milliseconds(40)), .bertier(deviations: 4),
        ])
    func remembered(detector: DetectorChoice) throws {
        for extra in [0, 300, 8_000] as [Int64] {
            var cluster = SteppingCluster(.mended, hosts: 2, seed: 3, interval: .milliseconds(20)) {
                ($0.mode, $0.detector) = (.heartbeat, detector)
            }
            cluster.run(.seconds(9) + .milliseconds(extra))
            let crash = cluster.crash()
            let (found, bound) = (try #require(crash), try #require(cluster.published))
            #expect(found <= bound, "\(found.microseconds) µs, bound \(bound.microseconds) µs")
        }
    }

    @Test("fifty milliseconds of jitter cost one timeout, and not six")
    func jitter() throws {
        var spans: [TimeSpan] = []
        for seed in 1...12 as ClosedRange<UInt64> {
            var cluster = SteppingCluster(.jitter, hosts: 2, seed: seed)
            cluster.run(.seconds(12) + .milliseconds(Int64(seed) * 397))
            let crash = cluster.crash()
            spans.append(try #require(crash))
        }
        let median = spans.sorted()[6]
        #expect(median <= .milliseconds(550), "\(median.microseconds) µs")
    }
}

/// Hosts with the daemon's defaults; the second one crashes.
private struct SteppingCluster {
    private var world: World
    private let path: BoundTests.Path
    private var elapsed = TimeSpan.zero
    /// What was published when the second host crashed.
    private(set) var published: TimeSpan?

    init(
        _ path: BoundTests.Path, hosts: Int, seed: UInt64, interval: TimeSpan = .milliseconds(200),
        _ adjust: (inout ClusterSettings) -> Void = { _ in }
    ) {
        self.path = path
        var link = LinkModel(delay: .microseconds(500), jitter: .microseconds(100))
        switch path {
        case .clean, .steps, .quickSteps, .mended: break
        case .lossy: link.loss = 0.3
        case .jitter: link = LinkModel(delay: .microseconds(500), jitter: .milliseconds(50))
        case .wildJitter: link = LinkModel(delay: .microseconds(500), jitter: .milliseconds(300))
        }
        world = World(capacity: hosts, link: link, seed: seed)
        let ids = (1...hosts).compactMap { HostID("n\($0)") }
        var settings = ClusterSettings(nodes: hosts, interval: interval, link: link)
        adjust(&settings)
        for id in ids {
            _ = world.add(
                id, watching: ids.filter { $0 != id }.map { settings.peer($0) },
                clock: HostClock(origin: .seconds(1_000), drift: 0), wallOrigin: 1_790_000_000)
        }
        for place in ids.indices { world.start(place) }
    }

    private var monitor: Monitor? { world.hosts[0].endpoint?.monitor }

    /// What the first host publishes of the second.
    var bound: TimeSpan? {
        let now = world.hosts[0].clock.reading(at: world.now)
        return monitor.flatMap { monitor in
            monitor.index(of: world.hosts[1].id).flatMap { monitor.detectionTimeBound(ofPeer: $0, at: now) }
        }
    }

    private var isSuspected: Bool {
        monitor.map {
            $0.index(of: world.hosts[1].id).map { monitor?.state(ofPeer: $0) == .suspected } ?? false
        }
            ?? false
    }

    /// Whether the way from the peer takes longer now; `nil` where it never does.
    private var isSlow: Bool? {
        switch path {
        case .clean, .lossy, .jitter, .wildJitter: nil
        case .steps: elapsed.nanoseconds / 3_000_000_000 % 2 == 1
        case .quickSteps: elapsed.nanoseconds / 250_000_000 % 8 == 1
        case .mended: elapsed < .seconds(8)
        }
    }

    mutating func run(_ span: TimeSpan) {
        let end = elapsed + span
        while elapsed < end {
            if let isSlow {
                let delay = TimeSpan.microseconds(isSlow ? 150_500 : 500)
                world.setLink(LinkModel(delay: delay, jitter: .microseconds(100)), from: 1, to: 0)
            }
            let step = min(end - elapsed, .milliseconds(50))
            world.run(until: world.now + step)
            elapsed = elapsed + step
        }
    }

    /// After how long the crash of the second host is found by the first; `nil` where it is suspected for a minute before, or
    /// is not found in one.
    mutating func crash() -> TimeSpan? {
        let limit = elapsed + .seconds(60)
        while isSuspected, elapsed < limit { run(.milliseconds(50)) }
        guard !isSuspected else { return nil }
        published = bound
        world.crash(1, refuses: false)
        let crashed = world.now
        while !isSuspected, world.now < crashed + .seconds(60) {
            _ = world.step(before: world.now + .milliseconds(1))
        }
        return isSuspected ? world.now - crashed : nil
    }
}

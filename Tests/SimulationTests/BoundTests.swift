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
    }

    @Test(
        "a crash is found within the bound that was published just before", arguments: Path.allCases, [2, 4])
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

    init(_ path: BoundTests.Path, hosts: Int, seed: UInt64) {
        self.path = path
        var link = LinkModel(delay: .microseconds(500), jitter: .microseconds(100))
        switch path {
        case .clean, .steps: break
        case .lossy: link.loss = 0.3
        case .jitter: link = LinkModel(delay: .microseconds(500), jitter: .milliseconds(50))
        case .wildJitter: link = LinkModel(delay: .microseconds(500), jitter: .milliseconds(300))
        }
        world = World(capacity: hosts, link: link, seed: seed)
        let ids = (1...hosts).compactMap { HostID("n\($0)") }
        let settings = ClusterSettings(nodes: hosts, interval: .milliseconds(200), link: link)
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

    mutating func run(_ span: TimeSpan) {
        let end = elapsed + span
        while elapsed < end {
            if path == .steps {
                let isSlow = elapsed.nanoseconds / 3_000_000_000 % 2 == 1
                let delay = TimeSpan.microseconds(isSlow ? 150_500 : 500)
                world.setLink(LinkModel(delay: delay, jitter: .microseconds(100)), from: 1, to: 0)
            }
            let step = min(end - elapsed, .milliseconds(50))
            world.run(until: world.now + step)
            elapsed = elapsed + step
        }
    }

    /// After how long the crash of the second host is found by the first; `nil` where a suspicion was pending already, or
    /// it is not found in a minute.
    mutating func crash() -> TimeSpan? {
        while isSuspected { run(.milliseconds(50)) }
        world.crash(1, refuses: false)
        let crashed = world.now
        while !isSuspected, world.now < crashed + .seconds(60) {
            _ = world.step(before: world.now + .milliseconds(1))
        }
        return isSuspected ? world.now - crashed : nil
    }
}

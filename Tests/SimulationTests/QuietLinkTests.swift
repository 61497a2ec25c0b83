import CausalClock
import FailureDetection
import Testing
import Wire

@testable import Simulation

/// Two hosts on a link without trouble, whose loops wake a few milliseconds late: what every detector owes there, in every
/// mode, whatever the two intervals are.
@Suite("a quiet link")
struct QuietLinkTests {
    /// Which side sends how often: the observer, and the peer.
    struct Pair: Sendable, CustomTestStringConvertible {
        var own: Int64
        var announced: Int64

        var longest: TimeSpan { .milliseconds(max(own, announced)) }
        var testDescription: String { "own \(own) ms, announced \(announced) ms" }
    }

    static let pairs = [
        Pair(own: 20, announced: 20), Pair(own: 20, announced: 2_000), Pair(own: 2_000, announced: 20),
        Pair(own: 50, announced: 3_000), Pair(own: 3_000, announced: 50), Pair(own: 200, announced: 200),
        Pair(own: 1_000, announced: 200), Pair(own: 10_000, announced: 10_000),
    ]

    /// What interrupts the link, or one of the hosts.
    enum Outage: CaseIterable {
        case peerStops, linkBreaks, observerStops
    }

    /// The daemon's defaults for each detector in each mode.
    static let detectors = ["median", "chen", "two-window", "phi", "exponential", "bertier", "fixed"]

    static func choice(_ name: String, _ mode: MonitoringMode, interval: TimeSpan) -> DetectorChoice {
        let isAlone = mode == .heartbeat
        let margin = isAlone ? interval * 2 : max(interval / 10, .milliseconds(5))
        return switch name {
        case "median": .median(margin: margin)
        case "chen": .chen(margin: margin)
        case "two-window": .twoWindow(margin: margin)
        case "phi": .phi(threshold: isAlone ? 8 : 3)
        case "exponential": .exponential(threshold: isAlone ? 8 : 1)
        case "bertier": .bertier(deviations: 4)
        default: .fixed(.halfIntervals(isAlone ? 6 : 3))
        }
    }

    @Test(
        "no peer is suspected, a crash is found within the bound, and no outage changes the bound",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping], pairs)
    func everyDetector(mode: MonitoringMode, pair: Pair) throws {
        for name in Self.detectors {
            var link = QuietLink(pair, mode, name)
            link.run(max(.seconds(8), min(pair.longest * 40, .seconds(80))))
            #expect(link.suspicions == 0, "\(name) suspects a peer that lives")
            let before = try #require(link.bound, "\(name)")
            for outage in Outage.allCases {
                link.suffer(outage, for: before * 2 + pair.longest)
                #expect(link.state == .trusted, "\(name) is \(link.state) after \(outage)")
                let after = try #require(link.bound, "\(name)")
                #expect(
                    max(after - before, before - after) <= before / 10 + .milliseconds(5),
                    "\(name): \(before.inMilliseconds) ms, after \(outage) \(after.inMilliseconds) ms")
            }
            #expect(link.suspicions == 2, "\(name) tells of \(link.suspicions) outages")
            let (found, bound) = link.crash()
            #expect(
                found <= bound + bound / 5_000 + link.lag * 8,
                "\(name) needs \(found.inMilliseconds) ms, its bound is \(bound.inMilliseconds) ms")
        }
    }
}

/// An observer, at index 0, and its peer.
private struct QuietLink {
    var world: World
    let lag = TimeSpan.milliseconds(3)
    let longest: TimeSpan

    init(_ pair: QuietLinkTests.Pair, _ mode: MonitoringMode, _ detector: String) {
        longest = pair.longest
        world = World(
            capacity: 2, link: LinkModel(delay: .microseconds(200), jitter: .microseconds(100)), seed: 7)
        // What a detector owes is owed for heartbeats alone.
        world.publishesRecords = false
        let own = TimeSpan.milliseconds(pair.own)
        let announced = TimeSpan.milliseconds(pair.announced)
        add("n1", watching: "n2", mode, every: own, judging: announced, by: detector)
        add("n2", watching: "n1", .heartbeatAndPing, every: announced, judging: own, by: "median")
        world.start(0)
        world.start(1)
    }

    private mutating func add(
        _ name: String, watching other: String, _ mode: MonitoringMode, every interval: TimeSpan,
        judging announced: TimeSpan, by detector: String
    ) {
        var settings = ClusterSettings(nodes: 2, interval: interval, link: LinkModel(delay: .zero))
        settings.mode = mode
        settings.detector = QuietLinkTests.choice(detector, mode, interval: announced)
        guard let id = HostID(name), let peer = HostID(other) else { preconditionFailure("names are ids") }
        let place = world.add(
            id, watching: [settings.peer(peer)],
            clock: HostClock(origin: .seconds(1_000), drift: name == "n1" ? 50_000 : -50_000),
            wallOrigin: 1_790_000_000)
        world.hosts[place].lag = .zero...lag
    }

    private var monitor: Monitor? { world.hosts[0].endpoint?.monitor }
    var state: PeerState { monitor?.state(ofPeer: 0) ?? .left }
    var suspicions: UInt64 { monitor?.report(ofPeer: 0).suspicions ?? 0 }
    var bound: TimeSpan? {
        monitor?.detectionTimeBound(ofPeer: 0, at: world.hosts[0].clock.reading(at: world.now))
    }

    mutating func run(_ span: TimeSpan) { world.run(until: world.now + span) }

    /// Lets an outage begin, last and end, and what it leads to settle for 10 s, or as long as a recovery needs.
    mutating func suffer(_ outage: QuietLinkTests.Outage, for span: TimeSpan) {
        switch outage {
        case .peerStops: world.pause(1, for: span)
        case .linkBreaks: for from in 0...1 { world.cut(from: from, to: 1 - from) }
        case .observerStops: world.pause(0, for: span)
        }
        run(span + .milliseconds(1))
        if outage == .linkBreaks { for from in 0...1 { world.mend(from: from, to: 1 - from) } }
        run(max(.seconds(10), longest * 5))
    }

    /// Ends the peer's incarnation right after it has sent something; says after how long that is suspected,
    /// and the bound of just before.
    mutating func crash() -> (found: TimeSpan, bound: TimeSpan) {
        let sent = world.sent[1]
        while world.sent[1] == sent { _ = world.step(before: world.now + .seconds(20)) }
        world.crash(1, refuses: false)
        let (crashed, before, bound) = (world.now, suspicions, bound ?? .zero)
        while suspicions == before, world.now < crashed + .seconds(200) {
            _ = world.step(before: world.now + .seconds(1))
        }
        return (world.now - crashed, bound)
    }
}

extension TimeSpan {
    fileprivate var inMilliseconds: Double { Double(nanoseconds) / 1e6 }
}

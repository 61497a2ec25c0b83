import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// README's target, on hosts whose links fail and work again.
@Suite("a target and outages")
struct TargetOutageTests {
    private static let readme = QualityTarget(
        detectionTime: .seconds(1), mistakeRecurrence: .seconds(30 * 86_400), mistakeDuration: .seconds(60))

    private func cluster(_ count: Int) -> ClusterNetwork {
        ClusterNetwork(count) { name in
            var settings = settings(name)
            settings.target = Self.readme
            return settings
        }
    }

    private func bound(_ network: ClusterNetwork, _ observer: String, on peer: String) -> TimeSpan {
        let monitor = network[observer].monitor
        let index = monitor.index(of: host(peer))
        return index.flatMap { monitor.detectionTimeBound(ofPeer: $0, at: network.now) } ?? .maximum
    }

    @Test(
        "one link down for 5 s: the others are not suspected, and the next cut is found within twice the target"
    )
    func oneOutage() throws {
        var network = cluster(4)
        network.run(.seconds(40))
        network.cut("d", "abc")
        network.run(.seconds(5))
        network.heal()
        for _ in 0..<45 {
            network.run(.seconds(1))
            for observer in "abcd" {
                for peer in "abcd" where peer != observer {
                    let bound = bound(network, String(observer), on: String(peer))
                    #expect(bound <= .seconds(2), "\(observer) on \(peer): \(bound.microseconds) µs")
                }
            }
        }
        let suspected = network.reported(.suspect).filter { $0.about != "d" && $0.by != "d" }
        #expect(suspected.isEmpty, "\(suspected)")
        #expect(network.reported(.target).isEmpty, "an outage is no property of the path")
        network.cut("d", "abc")
        network.run(.seconds(2))
        for observer in "abc" { #expect(network.report(String(observer), on: "d")?.state == .suspected) }
    }

    @Test(
        "an outage that was reported leaves no trace in what is known of the path", arguments: [2, 3, 5, 30])
    func noTrace(seconds: Int64) throws {
        var network = cluster(3)
        network.run(.seconds(120))
        let before = try #require(network.report("a", on: "c")?.target)
        network.cut("c", "ab")
        network.run(.seconds(seconds))
        network.heal()
        network.run(.seconds(30))
        for (observer, peer) in [("a", "c"), ("c", "a")] {
            let after = try #require(network.report(observer, on: peer)?.target)
            #expect(after.path.loss.rate <= before.path.loss.rate, "\(observer): \(after.path.loss)")
            #expect(after.path.loss.persistence == after.path.loss.rate)
            #expect(after.interval == before.interval && after.limit == nil)
        }
    }

    @Test("a link that fails again and again: BOUND stays, no other link is slowed, and a crash is found")
    func flapping() throws {
        var network = cluster(3)
        network.run(.seconds(60))
        let calm = try #require(network.report("a", on: "b")?.target?.interval)
        for flap in 0..<20 {
            network.cut("c", "ab")
            network.run(.milliseconds(1_000 + 250 * Int64(flap % 5)))
            network.heal()
            network.run(.seconds(4))
            #expect(bound(network, "a", on: "c") <= .seconds(2))
            let report = try #require(network.report("a", on: "c")?.target)
            #expect(report.interval <= calm && report.detectionTime <= .milliseconds(1_010))
            #expect(network.report("a", on: "b")?.target?.interval == calm)
        }
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(2))
        #expect(network.report("a", on: "c")?.state == .suspected)
    }

    /// What a path does for a while.
    private struct Weather: CustomStringConvertible {
        var loss = 0
        /// Once a second everything is lost for so long.
        var burst = TimeSpan.zero
        var delay = TimeSpan.milliseconds(1)
        var jitter = TimeSpan.zero

        init() {}

        init(using generator: inout SeededGenerator) {
            loss = .random(in: 0...600, using: &generator)
            if Bool.random(using: &generator) {
                burst = .milliseconds(.random(in: 20...500, using: &generator))
            }
            delay = .milliseconds(.random(in: 1...80, using: &generator))
            jitter = .milliseconds(.random(in: 0...40, using: &generator))
        }

        var description: String {
            "\(loss) ‰, bursts \(burst.microseconds) µs, \(delay.microseconds) + \(jitter.microseconds) µs"
        }
    }

    private func run(_ network: inout Network, _ weather: Weather, seconds: Int) {
        func set(_ loss: Int) {
            for place in 0..<2 {
                network.links[place].loss = loss
                network.links[place].delay = weather.delay
                network.links[place].jitter = weather.jitter
            }
        }
        for _ in 0..<seconds {
            set(1_000)
            network.run(weather.burst)
            set(weather.loss)
            network.run(.seconds(1) - weather.burst)
        }
    }

    private func report(_ network: Network) throws -> TargetReport {
        try #require(network.endpoints[0].monitor.report(ofPeer: 0).target)
    }

    private func network(_ target: QualityTarget, seed: UInt64) -> Network {
        let link = Network.Link(loss: 0, doubling: 0, delay: .milliseconds(1), jitter: .zero)
        return Network(toFirst: link, toSecond: link, seed: seed) { name in
            var settings = settings(name)
            settings.target = target
            return settings
        }
    }

    @Test(
        "whatever the path does, the plan keeps twice the detection time, and a minute or 20 detection times later it is much that of a new path",
        arguments: 1...24 as ClosedRange<UInt64>)
    func weather(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let target = QualityTarget(
            detectionTime: .milliseconds(.random(in: 500...3_000, using: &generator)),
            mistakeRecurrence: .seconds(.random(in: 3_600...3_000_000, using: &generator)),
            mistakeDuration: .seconds(60))
        var network = network(target, seed: seed)
        run(&network, Weather(), seconds: 60)
        let calm = try report(network)
        for _ in 0..<3 {
            let weather = Weather(using: &generator)
            for _ in 0..<30 {
                run(&network, weather, seconds: 1)
                let report = try report(network)
                #expect(report.detectionTime <= target.detectionTime * 2, "\(weather), \(report)")
                #expect(report.interval <= target.detectionTime / 2)
            }
            var outage = Weather()
            outage.loss = 1_000
            run(&network, outage, seconds: .random(in: 1...30, using: &generator))
        }
        run(
            &network, Weather(),
            seconds: max(60, Int(target.detectionTime.nanoseconds * 20 / 1_000_000_000) + 20))
        let later = try report(network)
        #expect(later.limit == nil && later.goal == target, "\(later) \(calm.interval)")
        #expect(later.detectionTime <= target.detectionTime + target.detectionTime / 100)
        // An interval is lengthened by a fifth or not at all, and a minute without losses does not prove a path as good as new.
        #expect(later.interval >= calm.interval / 2, "\(calm) \(later)")
        let bound = try #require(network.endpoints[0].monitor.detectionTimeBound(ofPeer: 0, at: network.now))
        #expect(bound <= target.detectionTime + target.detectionTime / 10)
    }

    @Test("that changes the interval changes the space for clock entries as well")
    func clockBudget() throws {
        var impatient = Self.readme
        impatient.detectionTime = .milliseconds(100)
        let peers = (0..<200).map { number in
            var settings = settings("p\(10_000 + number)")
            settings.target = impatient
            return settings
        }
        var endpoint = endpoint("a", peers: peers)
        var outbox = Outbox()
        let before = endpoint.entryCapacity
        var now = start
        for _ in 0..<300 {
            endpoint.beginTurn(at: now, into: &outbox)
            endpoint.wake(at: now, into: &outbox)
            outbox.removeAll()
            now = now + .milliseconds(10)
        }
        #expect(endpoint.monitor.messagesPerSecond > 3_000)
        #expect(endpoint.entryCapacity == ClockBudget.space(for: endpoint.monitor))
        #expect(endpoint.entryCapacity < before)
    }
}

import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// Two endpoints and a network between them that loses, doubles and reorders.
private struct Network {
    struct Link {
        /// Losses per thousand.
        var loss: Int
        /// Doubled datagrams per thousand.
        var doubling = 30
        /// The shortest way, and how much longer it may be.
        var delay = TimeSpan.milliseconds(5)
        var jitter = TimeSpan.milliseconds(3)
    }

    var endpoints: [Endpoint]
    var notices: [Notice.Kind] = []
    var now = start
    private var links: [Link]
    private var underWay: [(at: Instant, to: Int, bytes: [UInt8])] = []
    private var generator: SeededGenerator
    private var outbox = Outbox()

    init(toFirst: Link, toSecond: Link, mode: MonitoringMode, seed: UInt64) {
        endpoints = [
            endpoint("a", peers: [settings("b", mode: mode)], seed: seed),
            endpoint("b", peers: [settings("a", mode: mode)], seed: seed + 1),
        ]
        links = [toFirst, toSecond]
        generator = SeededGenerator(seed: seed)
    }

    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while true {
            let due = endpoints.compactMap { $0.nextDeadline?.instant }.min() ?? .never
            let arrival = underWay.map(\.at).min() ?? .never
            guard min(due, arrival) < end else { return }
            now = max(now, min(due, arrival))
            for place in 0..<2 { turn(place) }
        }
    }

    private mutating func turn(_ place: Int) {
        let here = now
        outbox.removeAll()
        endpoints[place].beginTurn(at: here, into: &outbox)
        for datagram in underWay where datagram.to == place && datagram.at <= here {
            endpoints[place].receive(
                datagram.bytes.span, from: loopback(1), arrived: datagram.at, at: here, into: &outbox)
        }
        underWay.removeAll { $0.to == place && $0.at <= here }
        endpoints[place].wake(at: here, into: &outbox)
        notices += outbox.notices.map(\.kind)
        for datagram in outbox.datagrams { send(outbox.bytes(datagram), to: 1 - place) }
    }

    private mutating func send(_ bytes: [UInt8], to place: Int) {
        let link = links[place]
        guard Int.random(in: 0..<1_000, using: &generator) >= link.loss else { return }
        let copies = Int.random(in: 0..<1_000, using: &generator) < link.doubling ? 2 : 1
        for _ in 0..<copies {
            let extra = TimeSpan(nanoseconds: .random(in: 0...link.jitter.nanoseconds, using: &generator))
            underWay.append((now + link.delay + extra, place, bytes))
        }
    }
}

@Suite("two endpoints talking")
struct TwoEndpointsTests {
    @Test(
        "over a bad link both trust each other, and measure losses and round trip rightly",
        arguments: [1, 2, 3, 4])
    func measured(seed: UInt64) throws {
        var network = Network(
            toFirst: .init(loss: 150), toSecond: .init(loss: 50), mode: .heartbeatAndPing, seed: seed)
        network.run(.seconds(120))
        let (a, b) = (
            network.endpoints[0].monitor.report(ofPeer: 0), network.endpoints[1].monitor.report(ofPeer: 0)
        )
        #expect(a.state != .suspected && b.state != .suspected)
        #expect(a.suspicions + b.suspicions == 0)
        #expect(!network.notices.contains(.suspect) && !network.notices.contains(.asymmetric))
        #expect(abs(a.lossIn - 150) <= 60 && abs(b.lossOut - 150) <= 60, "\(a.lossIn) \(b.lossOut)")
        #expect(abs(a.lossOut - 50) <= 40 && abs(b.lossIn - 50) <= 40, "\(a.lossOut) \(b.lossIn)")
        for report in [a, b] {
            let roundTrip = try #require(report.roundTrip)
            #expect(roundTrip >= .milliseconds(10) && roundTrip <= .milliseconds(16))
            #expect(report.jitter < .milliseconds(5))
        }
        #expect(network.endpoints[0].count(of: .duplicate) > 0, "the network did double")
        #expect(
            network.endpoints.allSatisfy { $0.count(of: .malformed) == 0 && $0.count(of: .unsolicited) == 0 })
    }

    @Test(
        "a perfect link shows no loss, and no one is ever pending",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping])
    func perfect(mode: MonitoringMode) {
        let link = Network.Link(loss: 0, doubling: 0)
        var network = Network(toFirst: link, toSecond: link, mode: mode, seed: 1)
        network.run(.seconds(30))
        #expect(network.notices == [.trust, .trust])
        for endpoint in network.endpoints {
            let report = endpoint.monitor.report(ofPeer: 0)
            #expect(report.lossIn == 0 && report.lossOut == 0)
            #expect(endpoint.refused == 0)
        }
    }

    @Test("a link that breaks in one direction: one side finds it silent, the other finds itself unheard")
    func oneWay() {
        let (good, dead) = (Network.Link(loss: 0), Network.Link(loss: 1_000))
        var network = Network(toFirst: good, toSecond: dead, mode: .heartbeatAndPing, seed: 1)
        network.run(.seconds(20))
        // b never hears a; a hears b, and learns from its acknowledgements that b hears nothing.
        #expect(network.endpoints[1].monitor.state(ofPeer: 0) == .suspected)
        #expect(network.endpoints[0].monitor.state(ofPeer: 0) == .trusted)
        #expect(network.endpoints[0].monitor.report(ofPeer: 0).verdict == Verdict(.outbound, .suspected))
        #expect(
            network.notices.count { $0 == .asymmetric } == 1 && network.notices.count { $0 == .suspect } == 1)
    }
}

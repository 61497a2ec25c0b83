import CausalClock
import TestSupport

@testable import FailureDetection
@testable import Wire

/// Two endpoints and a network between them that loses, doubles and reorders.
struct Network {
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
    /// The same with all that was reported, each with the position of the reporter.
    var reported: [(place: Int, notice: Notice)] = []
    /// The positions that have crashed.
    var crashed: [Int] = []
    var now = start
    var links: [Link]
    private var underWay: [(at: Instant, to: Int, bytes: [UInt8])] = []
    private var generator: SeededGenerator
    private var outbox = Outbox()

    init(toFirst: Link, toSecond: Link, mode: MonitoringMode, seed: UInt64) {
        self.init(toFirst: toFirst, toSecond: toSecond, seed: seed) { settings($0, mode: mode) }
    }

    init(toFirst: Link, toSecond: Link, seed: UInt64, settings: (String) -> PeerSettings) {
        endpoints = [
            endpoint("a", peers: [settings("b")], seed: seed),
            endpoint("b", peers: [settings("a")], seed: seed + 1),
        ]
        links = [toFirst, toSecond]
        generator = SeededGenerator(seed: seed)
    }

    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while true {
            let running = endpoints.indices.filter { !crashed.contains($0) }
            let due = running.compactMap { endpoints[$0].nextDeadline?.instant }.min() ?? .never
            let arrival = underWay.map(\.at).min() ?? .never
            guard min(due, arrival) < end else {
                now = end
                return
            }
            now = max(now, min(due, arrival))
            for place in running { turn(place) }
            underWay.removeAll { crashed.contains($0.to) }
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
        reported += outbox.notices.map { (place, $0) }
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

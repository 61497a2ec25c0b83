import CausalClock
import TestSupport

@testable import FailureDetection
@testable import Wire

/// Endpoints and a network between them that loses, doubles, reorders and cuts; together with the truth.
///
/// The truth is, for every host, the latest event of every other that may have influenced it. It travels beside the
/// bytes, with every message whole; the clocks under test never see it.
struct Cluster {
    /// The latest events that may have influenced one, by host.
    typealias Truth = [HostID: Dot]

    struct Node {
        var endpoint: Endpoint
        var truth: Truth = [:]
        /// Notices, oldest first.
        var notices: [Notice] = []
        /// When it crashed; `nil` while it runs.
        var crashed: Instant?
        /// The bytes it sent and how many datagrams.
        var bytes = 0
        var datagrams = 0
    }

    private struct Packet {
        var at: Instant
        var from: Int
        var to: Int
        var bytes: [UInt8]
        var truth: Truth
    }

    var nodes: [Node] = []
    var now = start
    /// Losses and doubled datagrams per thousand.
    var loss = 0
    var doubling = 0
    var delay = TimeSpan.milliseconds(1)
    var jitter = TimeSpan.zero
    /// Ways that are cut, from host to host.
    var cuts: Set<[Int]> = []
    /// For a way, which of the next datagrams are lost: bit by bit, below the highest that is set.
    var patterns: [[Int]: UInt64] = [:]
    /// What a host makes of its datagrams before it sends them; for those that lie.
    var forgers: [Int: (_ bytes: [UInt8], _ to: Int, _ now: Instant) -> [UInt8]] = [:]
    /// Whether the truth is kept; it takes long among many.
    var tracksTruth = true
    /// When a datagram on a way was last accepted.
    private(set) var delivered: [[Int]: Instant] = [:]
    /// What was found wrong with a clock.
    private(set) var violations: [String] = []
    /// How often an accepted message left an exact clock, and how often not.
    private(set) var exact = 0
    private(set) var inexact = 0
    /// How many datagrams carried their clock in which form.
    private(set) var forms = (full: 0, delta: 0, partial: 0)

    var generator: SeededGenerator
    private var underWay: [Packet] = []
    private var outbox = Outbox()

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Starts a host that watches others; its position is its port less one.
    mutating func add(_ name: String, epoch: UInt64, peers: [(settings: PeerSettings, place: Int)]) {
        nodes.append(Node(endpoint: made(name, epoch: epoch, peers: peers)))
        nodes[nodes.count - 1].truth = [:]
    }

    /// Starts a host again, in another incarnation.
    mutating func restart(_ place: Int, epoch: UInt64, peers: [(settings: PeerSettings, place: Int)]) {
        let name = nodes[place].endpoint.monitor.id.description
        let notices = nodes[place].notices
        nodes[place] = Node(endpoint: made(name, epoch: epoch, peers: peers), notices: notices)
    }

    private mutating func made(
        _ name: String, epoch: UInt64, peers: [(settings: PeerSettings, place: Int)]
    ) -> Endpoint {
        let peers = peers.filter { $0.settings.id != host(name) }
        var endpoint = Endpoint(
            Monitor(
                id: host(name), epoch: Epoch(epoch), peers: peers.map(\.settings), seed: generator.next(),
                at: now))
        for (settings, place) in peers {
            guard let index = endpoint.monitor.index(of: settings.id) else { continue }
            endpoint.setAddress(loopback(UInt16(place + 1)), ofPeer: index)
        }
        return endpoint
    }

    /// Hosts `a0`, `a1`, … that all watch each other.
    static func mesh(
        _ count: Int, seed: UInt64, epoch: UInt64 = 5, prefix: String = "a",
        settings: (String) -> PeerSettings
    ) -> (Cluster, [(settings: PeerSettings, place: Int)]) {
        var cluster = Cluster(seed: seed)
        let names = (0..<count).map { "\(prefix)\(10_000 + $0)" }
        let peers = names.indices.map { (settings(names[$0]), $0) }
        for name in names { cluster.add(name, epoch: epoch, peers: peers) }
        return (cluster, peers)
    }

    /// Gives a host other settings.
    mutating func retune(_ place: Int, peers: [(settings: PeerSettings, place: Int)]) {
        let own = nodes[place].endpoint.monitor.id
        let peers = peers.filter { $0.settings.id != own }
        nodes[place].endpoint.retune(peers.map(\.settings), at: now)
        for (settings, port) in peers {
            guard let index = nodes[place].endpoint.monitor.index(of: settings.id) else { continue }
            nodes[place].endpoint.setAddress(loopback(UInt16(port + 1)), ofPeer: index)
        }
    }

    /// Cuts a link both ways, or one way.
    mutating func cut(_ from: Int, _ to: Int, oneWay: Bool = false) {
        cuts.insert([from, to])
        if !oneWay { cuts.insert([to, from]) }
    }

    /// Lets a host fall silent immediately.
    mutating func crash(_ place: Int) { nodes[place].crashed = now }

    /// Runs for a while.
    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while let next = nextInstant, next < end {
            now = max(now, next)
            var arrived = Array(repeating: [Packet](), count: nodes.count)
            while let packet = underWay.last, packet.at <= now {
                arrived[packet.to].append(packet)
                underWay.removeLast()
            }
            for place in nodes.indices where nodes[place].crashed == nil { turn(place, arrived[place]) }
        }
        now = end
    }

    private var nextInstant: Instant? {
        let due = nodes.filter { $0.crashed == nil }.compactMap { $0.endpoint.nextDeadline?.instant }.min()
        return [due, underWay.last?.at].compactMap(\.self).min()
    }

    private mutating func turn(_ place: Int, _ arrived: [Packet]) {
        let isDue = nodes[place].endpoint.nextDeadline.map { $0.instant <= now } ?? false
        guard isDue || !arrived.isEmpty else { return }
        nodes[place].endpoint.beginTurn(at: now, into: &outbox)
        take(of: place)
        for packet in arrived { receive(packet) }
        nodes[place].endpoint.wake(at: now, into: &outbox)
        take(of: place)
    }

    private mutating func receive(_ packet: Packet) {
        let before = nodes[packet.to].endpoint.accepted
        nodes[packet.to].endpoint.receive(
            packet.bytes.span, from: loopback(UInt16(packet.from + 1)), arrived: packet.at, at: now,
            into: &outbox)
        if nodes[packet.to].endpoint.accepted > before {
            delivered[[packet.from, packet.to]] = now
            let own = nodes[packet.to].endpoint.monitor.id
            for (host, event) in packet.truth where host != own {
                guard let known = nodes[packet.to].truth[host], !known.precedes(event) else {
                    nodes[packet.to].truth[host] = event
                    continue
                }
            }
            check(packet.to)
        }
        take(of: packet.to)
    }

    /// Whether a pattern of losses says that the next datagram on a way is lost.
    private mutating func dropsNext(_ from: Int, _ to: Int) -> Bool {
        guard let pattern = patterns[[from, to]], pattern > 1 else { return false }
        patterns[[from, to]] = pattern >> 1
        return pattern & 1 == 1
    }

    /// A clock never says what did not happen before, and an exact one contains all that did.
    private mutating func check(_ place: Int) {
        guard tracksTruth else { return }
        let (clock, truth) = (nodes[place].endpoint.monitor.clock, nodes[place].truth)
        for entry in clock.entries where truth[entry.host].map({ $0.precedes(entry) }) ?? true {
            violations.append("\(clock.owner) knows \(entry), which it cannot")
        }
        guard clock.isExact else {
            inexact += 1
            return
        }
        exact += 1
        for (host, event) in truth where clock.latest(of: host) != event {
            violations.append("\(clock.owner) is exact, and lacks \(event) at \(now)")
        }
    }

    /// Sends what an endpoint wants sent.
    private mutating func take(of place: Int) {
        nodes[place].notices += outbox.notices
        for datagram in outbox.datagrams {
            let to = Int(datagram.destination.port) - 1
            let honest = outbox.bytes(datagram)
            let bytes = forgers[place]?(honest, to, now) ?? honest
            nodes[place].bytes += bytes.count
            nodes[place].datagrams += 1
            send(bytes, from: place, to: to)
        }
        outbox.removeAll()
    }

    private mutating func send(_ bytes: [UInt8], from place: Int, to: Int) {
        guard !cuts.contains([place, to]), !dropsNext(place, to) else { return }
        guard Int.random(in: 0..<1_000, using: &generator) >= loss else { return }
        var truth = nodes[place].truth
        let clock = nodes[place].endpoint.monitor.clock
        if tracksTruth { truth[clock.owner] = sending(bytes, of: clock.dot) }
        for _ in 0...(Int.random(in: 0..<1_000, using: &generator) < doubling ? 1 : 0) {
            let extra = TimeSpan(nanoseconds: .random(in: 0...jitter.nanoseconds, using: &generator))
            let packet = Packet(at: now + delay + extra, from: place, to: to, bytes: bytes, truth: truth)
            // The next to arrive stands last; of those that arrive together the first that was sent.
            let place = underWay.partitioningIndex { $0.at <= packet.at }
            underWay.insert(packet, at: place)
        }
    }

    /// The event that a datagram is: a later one may have been counted since.
    private mutating func sending(_ bytes: [UInt8], of latest: Dot) -> Dot {
        var decoder = MessageDecoder()
        for own in nodes.map(\.endpoint.monitor.id) {
            let reception = try? decoder.decode(
                bytes.span, from: Envelope.headerLength, for: own, arrived: now)
            guard let reception else { continue }
            switch reception.clockForm {
            case .full: forms.full += 1
            case .delta: forms.delta += 1
            case .partial: forms.partial += 1
            }
            return reception.dot
        }
        return latest
    }
}

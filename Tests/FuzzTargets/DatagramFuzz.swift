import CausalClock
import FailureDetection
import Sealing
import Simulation
import Wire

/// A daemon's endpoint, given datagrams that get past the checksum, or the seal: what is behind is to be tried.
///
/// The bytes are records, each of a length (two bytes, the high one first) and as many bytes: the body of a datagram.
struct DatagramFuzz {
    private static let settings = ClusterSettings(
        nodes: 4, interval: .milliseconds(200),
        link: LinkModel(delay: .milliseconds(1), jitter: .milliseconds(2)))
    private static let wallSeconds: UInt64 = 1_790_000_000

    private var endpoint: Endpoint
    private var outbox = Outbox()
    private var now = Instant(nanoseconds: 3_000_000_000)
    private var given: UInt64 = 0
    private let keyring: Keyring?

    static func run(_ bytes: [UInt8], isSealed: Bool) {
        guard var fuzz = DatagramFuzz(isSealed: isSealed) else { return }
        var rest = bytes[...]
        while rest.count > 2 {
            let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
            fuzz.give(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        fuzz.endure()
    }

    private init?(isSealed: Bool) {
        guard let id = ClusterSettings.id(of: 0, of: Self.settings.nodes) else { return nil }
        let peers = Self.settings.peers(of: 0).compactMap { ClusterSettings.id(of: $0, of: 4) }
        var endpoint = Endpoint(
            Monitor(
                id: id, epoch: Epoch.next(after: nil, wallClockSeconds: Self.wallSeconds),
                peers: peers.map(Self.settings.peer), seed: 1, at: now))
        for place in peers.indices { endpoint.setAddress(Self.address(place + 1), ofPeer: place) }
        endpoint.setWallClock(seconds: Self.wallSeconds)
        let key = "suspectd-key-1:" + String(repeating: "5a", count: 32)
        keyring = isSealed ? (try? SealingKey(file: Array(key.utf8).span)).flatMap { Keyring([$0]) } : nil
        if isSealed {
            promise(keyring != nil, "the key is one")
            endpoint.setSealer(keyring)
        }
        self.endpoint = endpoint
    }

    private static func address(_ place: Int) -> NetworkAddress {
        NetworkAddress(high: 0, low: UInt64(place), port: 7_946, scope: 0, isIPv4: true)
    }

    /// A turn in which the datagram arrives.
    private mutating func give(_ body: ArraySlice<UInt8>) {
        now = now + .milliseconds(5)
        endpoint.beginTurn(at: now, into: &outbox)
        receive(wrapped(body))
        // What no key and no checksum protects comes as well.
        if keyring != nil { receive(Array(body)) }
        wake()
    }

    private mutating func receive(_ datagram: [UInt8]) {
        given += 1
        let source = Self.address(1 + Int(given % 3))
        endpoint.receive(datagram.span, from: source, arrived: now, at: now, into: &outbox)
    }

    private func wrapped(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var datagram: [UInt8]
        guard let keyring else {
            datagram = [Envelope.version, 0, 0, 0, 0, 0] + body
            let checksum = Checksum.crc32c(datagram)
            for place in 0..<4 {
                datagram[2 + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place))
            }
            return datagram
        }
        datagram = [Envelope.version, 1] + [UInt8](repeating: 0, count: Envelope.nonceLength) + body
        keyring.seal(&datagram)
        return datagram
    }

    private mutating func wake() {
        endpoint.wake(at: now, into: &outbox)
        promise(endpoint.nextWake > now, "something is still due after a turn")
        for datagram in outbox.datagrams {
            promise(datagram.count <= Envelope.maximumLength, "a datagram of \(datagram.count) bytes is sent")
        }
        outbox.removeAll()
    }

    /// Lets ten seconds pass, in which every host is judged.
    private mutating func endure() {
        let end = now + .seconds(10)
        while endpoint.nextWake < end {
            now = max(now, endpoint.nextWake)
            endpoint.beginTurn(at: now, into: &outbox)
            wake()
        }
        let refused = Refusal.allCases.reduce(0) { $0 + endpoint.count(of: $1) }
        promise(endpoint.accepted + refused == given, "\(given) datagrams, \(endpoint.accepted) + \(refused)")
        let clock = endpoint.monitor.clock
        promise(clock.entries.count <= endpoint.monitor.count, "entries of strangers: \(clock.entries)")
        promise(clock.owner == endpoint.monitor.id, "another's clock")
    }
}

extension DatagramFuzz {
    /// What a host of a simulated cluster gets in hard times, twenty datagrams at a time.
    static var seeds: [[UInt8]] {
        var world = World(settings, seed: 7)
        var seeds: [[UInt8]] = []
        var seed: [UInt8] = []
        var count = 0
        while world.now < Instant(nanoseconds: 0) + .seconds(12), world.step(before: .never) != nil {
            hardship(of: &world, since: count)
            for datagram in world.outbox.datagrams where datagram.destination.low == 0 {
                let body = world.outbox.arena[
                    datagram.start + Envelope.headerLength..<datagram.start + datagram.count]
                seed += [UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
                count += 1
                if count.isMultiple(of: 20) {
                    seeds.append(seed + lastWords(of: world))
                    seed = []
                }
            }
        }
        return seeds
    }

    /// What the first host would get if the second one's daemon ended now.
    private static func lastWords(of world: borrowing World) -> [UInt8] {
        let plan = world.hosts[1].endpoint?.lastWords(numbered: 1 << 20)
        guard let datagram = plan?.datagrams().first else { return [] }
        let body = datagram[Envelope.headerLength...]
        return [UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    /// One host is cut off, one crashes and comes back, one leaves.
    private static func hardship(of world: inout World, since count: Int) {
        switch count {
        case 50: world.cut(from: 1, to: 2)
        case 80: world.crash(3, refuses: true)
        case 110: world.start(3)
        case 140: world.leave(2)
        default: break
        }
    }
}

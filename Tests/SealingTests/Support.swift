import CausalClock
import TestSupport

@testable import FailureDetection
@testable import Sealing
@testable import Wire

/// The key of which every byte is the same.
func key(_ byte: UInt8) throws -> SealingKey {
    let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16)
    return try SealingKey(
        file: Array((SealingKey.prefix + String(repeating: digits, count: 32)).utf8).span)
}

/// The keys of which every byte is the same, in this order.
func keyring(_ bytes: UInt8...) throws -> Keyring {
    guard let keyring = Keyring(try bytes.map(key)) else { preconditionFailure("no keys") }
    return keyring
}

/// An envelope and a body, as they are before sealing.
func unsealed(_ body: [UInt8]) -> [UInt8] {
    [Envelope.version, Envelope.sealed] + [UInt8](repeating: 0, count: Envelope.nonceLength) + body
}

/// The body of a sealed datagram; `nil` when no key opens it.
func opened(_ datagram: [UInt8], with keyring: Keyring) -> [UInt8]? {
    var body: [UInt8] = []
    return keyring.open(datagram.span, into: &body) == nil ? nil : body
}

/// The id of a name that is one.
func host(_ name: String) -> HostID {
    guard let id = HostID(name) else { preconditionFailure("\(name) is no id") }
    return id
}

/// An address on loopback.
func loopback(_ port: UInt16) -> NetworkAddress {
    NetworkAddress(high: 0, low: 0x7F00_0001, port: port, scope: 0, isIPv4: true)
}

/// When the tests begin.
let start = Instant(nanoseconds: 3_000_000_000)

/// Settings of a peer that sends heartbeats every 100 ms.
func settings(_ name: String) -> PeerSettings {
    PeerSettings(
        id: host(name), mode: .heartbeatAndPing, interval: .milliseconds(100),
        detector: .median(margin: .milliseconds(20)), retries: 4, minimumTimeout: .milliseconds(20),
        maximumTimeout: .seconds(1), startupGrace: .seconds(2))
}

/// Two endpoints on a link that delays by 2 ms, keeps what it carried, and whose traffic can be chosen.
struct SealedPair {
    var endpoints: [Endpoint] = []
    var now = start
    /// Everything that was ever sent, to which host.
    private(set) var recorded: [(to: Int, bytes: [UInt8])] = []
    /// What was sent to addresses that are neither's.
    private(set) var astray: [(destination: NetworkAddress, bytes: [UInt8])] = []
    private var underWay: [(at: Instant, to: Int, from: NetworkAddress, bytes: [UInt8])] = []
    private(set) var notices: [[Notice.Kind]] = [[], []]
    private(set) var remarks = 0
    var isDown = [false, false]
    /// How long what is sent to each side takes.
    var delay: [TimeSpan] = [.milliseconds(2), .milliseconds(2)]
    private var outbox = Outbox()

    init(_ first: Keyring?, _ second: Keyring?) {
        endpoints = [
            Self.endpoint("a", 5, keyring: first, at: start),
            Self.endpoint("b", 7, keyring: second, at: start),
        ]
    }

    /// One side dies and starts again in a later incarnation that remembers nothing.
    mutating func restart(_ place: Int, epoch: UInt64, keyring: Keyring?) {
        endpoints[place] = Self.endpoint(place == 0 ? "a" : "b", epoch, keyring: keyring, at: now)
        isDown[place] = false
    }

    private static func endpoint(_ name: String, _ epoch: UInt64, keyring: Keyring?, at now: Instant)
        -> Endpoint
    {
        let peer = settings(name == "a" ? "b" : "a")
        return endpoint(
            Monitor(id: host(name), epoch: Epoch(epoch), peers: [peer], seed: epoch, at: now), keyring)
    }

    private static func endpoint(_ monitor: Monitor, _ keyring: Keyring?) -> Endpoint {
        var endpoint = Endpoint(monitor)
        endpoint.setAddress(loopback(monitor.id == host("a") ? 2 : 1), ofPeer: 0)
        endpoint.setSealer(keyring)
        return endpoint
    }

    /// One side's process is replaced by one that continues with its incarnation.
    mutating func resume(_ place: Int, _ memory: MonitorSnapshot, keyring: Keyring?) {
        let peer = settings(place == 0 ? "b" : "a")
        endpoints[place] = Self.endpoint(
            Monitor(resuming: memory, peers: [peer], seed: 99, at: now), keyring)
    }

    /// Lets virtual time pass.
    mutating func run(_ span: TimeSpan) {
        let end = now + span
        while true {
            let due = [0, 1].filter { !isDown[$0] }.compactMap { endpoints[$0].nextDeadline?.instant }.min()
            let next = min(due ?? .never, underWay.map(\.at).min() ?? .never)
            guard next < end else { break }
            now = max(now, next)
            for place in [0, 1] { turn(place) }
        }
        now = end
    }

    /// Puts bytes on the link, in the name of the other side unless another is given.
    mutating func inject(_ bytes: [UInt8], to place: Int, from source: NetworkAddress? = nil) {
        underWay.append((now + delay[place], place, source ?? loopback(UInt16(2 - place)), bytes))
    }

    /// One side begins a later incarnation when it wants to, as the daemon does.
    private mutating func renew(_ place: Int) {
        guard let stale = endpoints[place].monitor.staleEpoch else { return }
        endpoints[place].beginIncarnation(Epoch(stale.value + 1), at: now, into: &outbox)
    }

    private mutating func turn(_ place: Int) {
        let arrived = underWay.filter { $0.to == place && $0.at <= now }
        underWay.removeAll { $0.to == place && $0.at <= now }
        guard !isDown[place] else { return }
        outbox.removeAll()
        endpoints[place].beginTurn(at: now, into: &outbox)
        renew(place)
        for datagram in arrived {
            endpoints[place].receive(
                datagram.bytes.span, from: datagram.from, arrived: datagram.at, at: now, into: &outbox)
        }
        endpoints[place].wake(at: now, into: &outbox)
        notices[place] += outbox.notices.map(\.kind)
        remarks += outbox.remarks.count
        for datagram in outbox.datagrams {
            let bytes = Array(outbox.arena[datagram.start..<datagram.start + datagram.count])
            guard datagram.destination == loopback(UInt16(2 - place)) else {
                astray.append((datagram.destination, bytes))
                continue
            }
            recorded.append((1 - place, bytes))
            inject(bytes, to: 1 - place)
        }
    }

    func state(_ place: Int) -> PeerState { endpoints[place].monitor.state(ofPeer: 0) }
}

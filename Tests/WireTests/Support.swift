import CausalClock
@testable import FailureDetection
@testable import Records
@testable import Wire

/// The id of a name that is one.
func host(_ name: String) -> HostID {
    guard let id = HostID(name) else { preconditionFailure("\(name) is no id") }
    return id
}

/// An address on loopback.
func loopback(_ port: UInt16) -> NetworkAddress {
    NetworkAddress(high: 0, low: 0x7F00_0001, port: port, scope: 0, isIPv4: true)
}

/// Settings of a peer that sends heartbeats every 100 ms.
func settings(_ name: String, mode: MonitoringMode = .heartbeatAndPing) -> PeerSettings {
    PeerSettings(
        id: host(name), mode: mode, interval: .milliseconds(100),
        detector: .median(margin: .milliseconds(20)),
        retries: 4, minimumTimeout: .milliseconds(20), maximumTimeout: .seconds(1), startupGrace: .seconds(2))
}

/// When the tests begin.
let start = Instant(nanoseconds: 3_000_000_000)

/// An endpoint for a host in its incarnation 5, whose peers are at ports 1, 2, 3 and so on.
func endpoint(_ name: String, peers: [PeerSettings], seed: UInt64 = 1) -> Endpoint {
    var endpoint = Endpoint(Monitor(id: host(name), epoch: Epoch(5), peers: peers, seed: seed, at: start))
    for index in 0..<peers.count { endpoint.setAddress(loopback(UInt16(index + 1)), ofPeer: index) }
    return endpoint
}

/// A message from `b` to `a`, unless another is given, as bytes.
func datagram(
    _ body: InboundMessage.Body, from sender: String = "b", to addressee: String = "a", epoch: UInt64 = 1,
    counter: UInt64 = 1, sequence: UInt64 = 1, interval: TimeSpan = .milliseconds(100), sent: Instant = start,
    acknowledging: (Epoch, LinkAcknowledgement)? = nil, entries: [Dot] = [], testimonies: [Testimony] = [],
    limit: Int = Envelope.maximumLength, digests: RecordDigests = RecordDigests(), cargo: [UInt8] = []
) -> [UInt8] {
    var clock = VectorClock(owner: host(sender), epoch: Epoch(epoch), counter: counter - 1)
    clock.merge(entries) { _ in }
    clock.tick()
    let outgoing = OutboundMessage(
        to: 0, body: body, counter: counter, sequence: sequence, interval: interval, sent: sent)
    var encoder = MessageEncoder()
    var link = OutgoingLink(addressee: host(addressee))
    _ = encoder.encode(
        outgoing, over: &link,
        carrying: MessageContext(
            clock: clock, acknowledgement: acknowledging, testimonies: testimonies, digests: digests,
            cargo: cargo),
        limit: limit,
        sealer: nil)
    return encoder.datagram
}

/// The same bytes with the checksum that they should have.
func resealed(_ datagram: [UInt8]) -> [UInt8] {
    guard datagram.count >= Envelope.headerLength else { return datagram }
    var result = datagram
    let checksum = Checksum.crc32c(datagram.span, zeroingFourAt: 2)
    for index in 0..<4 { result[2 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
    return result
}

/// Reads a datagram that was meant for `addressee`; `nil` when it is refused.
func decoded(_ datagram: [UInt8], for addressee: String = "a") -> InboundMessage? {
    guard Envelope.refusal(of: datagram.span, isSealed: false) == nil else { return nil }
    var decoder = MessageDecoder()
    return try? decoder.decode(
        datagram.span, from: Envelope.headerLength, for: host(addressee), arrived: start)
}

extension Outbox {
    /// The bytes of one datagram.
    func bytes(_ datagram: Datagram) -> [UInt8] {
        Array(arena[datagram.start..<datagram.start + datagram.count])
    }
}

extension Endpoint {
    /// How many datagrams were refused, for any reason.
    var refused: UInt64 { Refusal.allCases.reduce(0) { $0 + count(of: $1) } }

    /// A turn in which one datagram arrives.
    mutating func turn(_ datagram: [UInt8], from port: UInt16 = 1, at now: Instant, into outbox: inout Outbox)
    {
        beginTurn(at: now, into: &outbox)
        receive(datagram.span, from: loopback(port), arrived: now, at: now, into: &outbox)
        wake(at: now, into: &outbox)
    }
}

/// Entries of `count` hosts with names of eight bytes, ascending.
func manyEntries(_ count: Int, epoch: UInt64 = 3, counter: UInt64 = 1_000_000) -> [Dot] {
    (0..<count).map { Dot(host: host("host\(1_000 + $0)"), epoch: Epoch(epoch), counter: counter) }
}

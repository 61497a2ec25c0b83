import CausalClock
import FailureDetection
import Testing

@testable import Wire

/// A stranger whose datagrams are in order, and which no host has configured.
struct Stranger {
    private var endpoint: Endpoint
    private var outbox = Outbox()
    private var now = Instant(nanoseconds: 1)

    /// One that calls itself `id`, in one of its incarnations, and sends to `addressee`; with keys, under
    /// their seal.
    init(
        _ id: String, to addressee: String, epoch: UInt64 = 1, sealer: (any DatagramSealer)? = nil
    ) throws {
        let own = try #require(HostID(id))
        let peer = PeerSettings(
            id: try #require(HostID(addressee)), mode: .heartbeatAndPing, interval: .milliseconds(100),
            detector: .fixed(timeout: .seconds(1)), retries: 4, minimumTimeout: .milliseconds(10),
            maximumTimeout: .seconds(1), startupGrace: .seconds(1))
        endpoint = Endpoint(Monitor(id: own, epoch: Epoch(epoch), peers: [peer], seed: 1, at: now))
        endpoint.setAddress(
            NetworkAddress(high: 0, low: 1, port: 1, scope: 0, isIPv4: false), ofPeer: 0)
        endpoint.setSealer(sealer)
    }

    /// Its next datagrams, until there are so many: heartbeats, and pings because no process answers.
    mutating func datagrams(_ count: Int) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        while datagrams.count < count {
            now = now + .milliseconds(100)
            endpoint.beginTurn(at: now, into: &outbox)
            endpoint.wake(at: now, into: &outbox)
            datagrams += outbox.datagrams.map { Array(outbox.arena[$0.start..<$0.start + $0.count]) }
            outbox.removeAll()
        }
        return Array(datagrams.prefix(count))
    }
}

/// The same bytes under a checksum that fits them.
func resealed(_ datagram: [UInt8]) -> [UInt8] {
    guard datagram.count > Envelope.headerLength else { return datagram }
    let checksum = Checksum.crc32c(datagram.span, zeroingFourAt: 2)
    var sealed = datagram
    for index in 0..<4 { sealed[2 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(index))) }
    return sealed
}

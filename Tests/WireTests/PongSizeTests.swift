import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// An answer that is longer than its question would let any host use a daemon to multiply traffic.
@Suite("the size of a pong")
struct PongSizeTests {
    /// An endpoint with long numbers and a clock of `entries` other hosts.
    private func busyEndpoint(entries: Int) -> Endpoint {
        let clock = VectorClock(owner: host("a"), epoch: Epoch(87_000_000), counter: 1 << 50)
        var rare = settings("b")
        rare.interval = .seconds(3_600)
        var monitor = Monitor(
            id: host("a"), epoch: clock.epoch, peers: [rare, settings("c")], seed: 1, at: start)
        monitor.clock = clock
        var endpoint = Endpoint(monitor)
        var outbox = Outbox()
        let counters = manyEntries(entries, epoch: 87_000_000, counter: 1 << 40)
        for chunk in stride(from: 0, to: entries, by: 40) {
            let part = Array(counters[chunk..<min(chunk + 40, entries)])
            let news = datagram(.heartbeat, from: "c", sequence: UInt64(chunk + 1), entries: part)
            endpoint.turn(news, at: start, into: &outbox)
        }
        return endpoint
    }

    @Test("a pong is never longer than its ping", arguments: [0, 3, 100, 400])
    func neverLonger(entries: Int) {
        var generator = SeededGenerator(seed: 1)
        var endpoint = busyEndpoint(entries: entries)
        var outbox = Outbox()
        for sequence in 1...200 as ClosedRange<UInt64> {
            let ack = LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero)
            let ping = datagram(
                .ping(nonce: sequence), counter: sequence, sequence: sequence, interval: .zero,
                acknowledging: Bool.random(using: &generator) ? (Epoch(1), ack) : nil,
                entries: manyEntries(.random(in: 0...30, using: &generator)))
            outbox.removeAll()
            endpoint.receive(ping.span, from: loopback(44), arrived: start, at: start, into: &outbox)
            for pong in outbox.datagrams where pong.destination == loopback(44) {
                #expect(pong.count <= ping.count)
                #expect(decoded(outbox.bytes(pong), for: "b") != nil)
            }
        }
        #expect(endpoint.accepted >= 200)
    }

    @Test("the shortest ping of an honest peer is answered, by the most talkative one")
    func answered() throws {
        var endpoint = busyEndpoint(entries: 400)
        var outbox = Outbox()
        let ping = datagram(.ping(nonce: 7), epoch: 87_000_000)
        endpoint.receive(ping.span, from: loopback(44), arrived: start, at: start, into: &outbox)
        let pong = try #require(outbox.datagrams.first { $0.destination == loopback(44) })
        let body = try #require(decoded(outbox.bytes(pong), for: "b")).body
        #expect(body == .pong(nonce: 7, waited: .zero))
    }

    @Test("a pong goes to where its ping came from, not to where the peer was thought to be")
    func destination() {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        endpoint.receive(
            datagram(.ping(nonce: 7)).span, from: loopback(44), arrived: start, at: start, into: &outbox)
        #expect(
            outbox.datagrams.map(\.destination).sorted { $0.port < $1.port } == [loopback(1), loopback(44)])
    }
}

import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("last words on the wire")
struct LastWordsTests {
    private static let dot = Dot(host: host("b"), epoch: Epoch(1), counter: 1 << 14)

    private func words(_ dot: Dot = Self.dot, to addressee: String = "a") -> [UInt8] {
        LastWordsMessage.datagram(of: dot, to: host(addressee), sealer: nil)
    }

    /// An endpoint that has heard `b`, and is given a datagram.
    private func given(
        _ datagram: [UInt8], from source: NetworkAddress = loopback(9), isHeard: Bool = true
    ) -> Endpoint {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        if isHeard { endpoint.turn(WireTests.datagram(.heartbeat), at: start, into: &outbox) }
        endpoint.receive(
            datagram.span, from: source, arrived: start + .milliseconds(60), at: start + .milliseconds(60),
            into: &outbox)
        return endpoint
    }

    @Test("byte by byte: kind, sender, addressee, epoch, counter")
    func golden() {
        let dot = Dot(host: host("db1"), epoch: Epoch(1_000), counter: 300)
        let datagram = LastWordsMessage.datagram(of: dot, to: host("db2"), sealer: nil)
        #expect(
            Array(datagram[6...]) == [6, 3, 0x64, 0x62, 0x31, 3, 0x64, 0x62, 0x32, 0xE8, 0x07, 0xAC, 0x02])
        #expect(datagram == resealed(datagram))
    }

    @Test("they count from any port of the peer's address, and from no other address without a key")
    func source() {
        let stranger = NetworkAddress(high: 0, low: 0x0A00_0001, port: 1, scope: 0, isIPv4: true)
        #expect(given(words()).monitor.peers[0].lastWords.number == 1 << 14)
        #expect(given(words()).accepted == 2)
        let refused = given(words(), from: stranger)
        #expect(refused.monitor.peers[0].lastWords.number == 0 && refused.count(of: .lastWords) == 1)
    }

    @Test("what cannot be is refused, for the reason that any datagram would be")
    func refused() {
        let cases: [(bytes: [UInt8], refusal: Refusal)] = [
            (words(to: "c"), .misaddressed),
            (words(Dot(host: host("a"), epoch: Epoch(5), counter: 9), to: "c"), .reflected),
            (words(Dot(host: host("a"), epoch: Epoch(5), counter: 9)), .ownIdentity),
            (words(Dot(host: host("z"), epoch: Epoch(1), counter: 9)), .unknownPeer),
            (words(Dot(host: host("b"), epoch: Epoch(0), counter: 9)), .oldEpoch),
            (words(Dot(host: host("b"), epoch: Epoch(2), counter: 9)), .lastWords),
            (words(Dot(host: host("b"), epoch: Epoch(1), counter: 1)), .outdated),
            (words(Dot(host: host("b"), epoch: Epoch(1), counter: 0)), .malformed),
            (words(Dot(host: host("b"), epoch: Epoch(1), counter: 1 << 53)), .malformed),
            (resealed(words() + [0]), .malformed), (resealed(Array(words().dropLast())), .malformed),
        ]
        for (bytes, refusal) in cases {
            let endpoint = given(bytes)
            #expect(endpoint.count(of: refusal) == 1, "\(refusal)")
            #expect(endpoint.monitor.peers[0].lastWords.number == 0 && endpoint.accepted == 1)
        }
        #expect(given(words(), isHeard: false).count(of: .lastWords) == 1)
    }

    @Test("no mutation of them changes anything but the evidence, and none traps")
    func mutations() {
        for seed in 0..<3_000 as Range<UInt64> {
            var numbers = SeededGenerator(seed: seed)
            var bytes = words()
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: Envelope.headerLength..<bytes.count, using: &numbers)
                bytes[place] = .random(in: 0...255, using: &numbers)
            }
            // What became a message of another kind is none of this test's.
            guard bytes[Envelope.headerLength] == MessageLayout.lastWords else { continue }
            let endpoint = given(resealed(bytes))
            #expect(
                endpoint.monitor.state(ofPeer: 0) == .trusted && endpoint.monitor.state(ofPeer: 1) == .unknown
            )
            #expect(endpoint.monitor.clock.latest(of: host("b"))?.counter == 1)
        }
    }

    @Test(
        "a daemon composes them for each peer that has an address, and one that ends is reported with that cause"
    )
    func composed() throws {
        let link = Network.Link(loss: 0)
        var network = Network(toFirst: link, toSecond: link, mode: .heartbeatAndPing, seed: 3)
        network.run(.seconds(5))
        let plan = network.endpoints[1].lastWords(numbered: 1 << 14)
        #expect(plan.places.map(\.peer) == [host("a")])
        network.crashed = [1]
        let words = try #require(plan.datagrams().first)
        network.run(.milliseconds(60))
        var outbox = Outbox()
        network.endpoints[0].receive(
            words.span, from: loopback(1), arrived: network.now, at: network.now, into: &outbox)
        network.run(.seconds(5))
        let suspicion = try #require(network.reported.last { $0.place == 0 && $0.notice.kind == .suspect })
        #expect(suspicion.notice.verdict?.cause == .daemon)
    }
}

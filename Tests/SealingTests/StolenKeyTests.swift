import CausalClock
import Testing

@testable import FailureDetection
@testable import Sealing
@testable import Wire

@Suite("a stolen key")
struct StolenKeyTests {
    /// Two that trust each other, and a forger with their key.
    private func trustingPair() throws -> (SealedPair, Forger) {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        #expect(pair.state(0) == .trusted && pair.state(1) == .trusted)
        return (pair, Forger(try keyring(1)))
    }

    @Test(
        "a flood of first contacts from 65,536 addresses affects no peer: answers are few, small, and go where they were asked for"
    )
    func firstContacts() throws {
        var (pair, forger) = try trustingPair()
        let before = pair.recorded.count
        var asked: [NetworkAddress: Int] = [:]
        for number in 0..<65_536 {
            let body: InboundMessage.Body = number & 1 == 0 ? .heartbeat : .ping(nonce: UInt64(number))
            let sender = number & 6 == 0 ? "nobody\(number)" : "b"
            let bytes = forger.datagram(
                body, from: sender, epoch: Epoch(UInt64(number) + 8),
                knowing: number & 8 == 0 ? Epoch(5) : nil,
                at: pair.now)
            if number & 1 == 1, sender == "b" { asked[stranger(number)] = bytes.count }
            pair.inject(bytes, to: 0, from: stranger(number))
            if number % 100 == 99 { pair.run(.milliseconds(1)) }
        }
        pair.run(.milliseconds(5))
        #expect(pair.notices == [[.trust], [.trust]])
        #expect(pair.endpoints[0].count(of: .unknownPeer) == 16_384)
        #expect(pair.endpoints[0].monitor.epoch(ofPeer: 0) == Epoch(7))
        // In 0.66 s: 500 answers a second to strangers and 100 in a burst; to the peer itself a ping each 10 ms.
        #expect((100...450).contains(pair.astray.count))
        for (destination, bytes) in pair.astray { #expect(bytes.count <= asked[destination] ?? 0) }
        #expect(pair.recorded.count - before < 180)
        #expect(pair.remarks < 20)
    }

    @Test(
        "a host that sees no ping cannot begin an incarnation of a peer, whatever it says that it has heard")
    func noNewLife() throws {
        var (pair, forger) = try trustingPair()
        for (step, body) in [
            InboundMessage.Body.heartbeat, .ping(nonce: 1), .leave, .pong(nonce: 1, waited: .zero),
        ]
        .enumerated() {
            let bytes = forger.datagram(
                body, epoch: Epoch(900 + UInt64(step)), knowing: Epoch(5), at: pair.now)
            pair.inject(bytes, to: 0)
            pair.run(.milliseconds(300))
        }
        #expect(pair.notices == [[.trust], [.trust]])
        #expect(pair.endpoints[0].monitor.epoch(ofPeer: 0) == Epoch(7))
    }

    @Test(
        "a number far ahead in the name of a peer locks it out only until it begins an incarnation with numbers of its own"
    )
    func numberFarAhead() throws {
        var (pair, forger) = try trustingPair()
        let last = MessageLayout.maximumSequence
        let bytes = forger.datagram(
            .heartbeat, epoch: Epoch(7), counter: 1, sequence: last, knowing: Epoch(5), at: pair.now)
        pair.inject(bytes, to: 0)
        pair.run(.seconds(2))
        #expect(pair.state(0) == .trusted && pair.state(1) == .trusted)
        #expect(!pair.notices[0].contains(.suspect))
        #expect(try #require(pair.endpoints[0].monitor.epoch(ofPeer: 0)) > Epoch(7))
    }

    @Test(
        "a stranger that has left in the name of a peer does not come back in its name; the peer itself does, once asked"
    )
    func leave() throws {
        var (pair, forger) = try trustingPair()
        pair.isDown[1] = true
        for number in 0..<500 {
            let body: InboundMessage.Body = number & 1 == 0 ? .leave : .heartbeat
            let bytes = forger.datagram(
                body, epoch: Epoch(7), counter: 1_000 + UInt64(number), sequence: 1_000 + UInt64(number),
                knowing: Epoch(5), at: pair.now)
            pair.inject(bytes, to: 0, from: stranger(number))
            pair.run(.milliseconds(1))
        }
        #expect(pair.notices[0].filter { $0 == .leave }.count == 1)
        #expect(pair.state(0) == .left)
        pair.isDown[1] = false
        pair.run(.seconds(1))
        #expect(pair.state(0) == .trusted && pair.state(1) == .trusted)
    }

    @Test("pings in the name of one peer do not use up the answers to another")
    func answerBudget() throws {
        var victim = Endpoint(
            Monitor(
                id: host("a"), epoch: Epoch(5), peers: [settings("b"), settings("c")], seed: 1, at: start))
        let addresses = [loopback(1), loopback(2)]
        for (place, address) in addresses.enumerated() { victim.setAddress(address, ofPeer: place) }
        victim.setSealer(try keyring(1))
        var forger = Forger(try keyring(1))
        var outbox = Outbox()
        var answered = [0, 0]
        var now = start
        for number in 0..<4_000 as Range<UInt64> {
            now = now + .microseconds(100)
            for (place, name) in ["b", "c"].enumerated() where place == 0 || number % 100 == 0 {
                let ping = forger.datagram(.ping(nonce: number), from: name, epoch: Epoch(7), at: now)
                outbox.removeAll()
                victim.receive(ping.span, from: addresses[place], arrived: now, at: now, into: &outbox)
                let answers = outbox.datagrams.filter { $0.destination == addresses[place] }
                answered[place] += answers.count { $0.count <= ping.count }
            }
        }
        // 0.4 s: two thousand a second and four hundred in a burst, beside our own pings.
        #expect((1_100...1_300).contains(answered[0]))
        #expect(answered[1] >= 40)
    }
}

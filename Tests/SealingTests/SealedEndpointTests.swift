import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Sealing
@testable import Wire

@Suite("endpoints with keys")
struct SealedEndpointTests {
    @Test("two that share a key trust each other, and every datagram between them is sealed")
    func trust() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(5))
        #expect(pair.state(0) == .trusted && pair.state(1) == .trusted)
        #expect(pair.notices == [[.trust], [.trust]])
        #expect(pair.recorded.allSatisfy { $0.bytes[1] == Envelope.sealed && $0.bytes.count <= 1_200 })
        #expect(pair.recorded.count > 50)
    }

    @Test(
        "a host that has another key, or none, is not believed and not answered",
        arguments: [
            (UInt8?(2), Refusal.unopened, Refusal.unopened), (nil, Refusal.unsealed, Refusal.sealed),
        ])
    func strangers(other: UInt8?, here: Refusal, there: Refusal) throws {
        var pair = SealedPair(try keyring(1), try other.map { try keyring($0) })
        pair.run(.seconds(1))
        #expect(pair.state(0) != .trusted && pair.state(1) != .trusted)
        #expect(pair.endpoints[0].count(of: here) > 5)
        #expect(pair.endpoints[1].count(of: there) > 5)
        #expect(pair.endpoints[0].accepted == 0 && pair.endpoints[1].accepted == 0)
    }

    @Test("a key is replaced on a live link, one step at a time, and no peer is suspected")
    func rotation() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        let steps = [
            (0, try keyring(1, 2)), (1, try keyring(1, 2)), (0, try keyring(2, 1)), (1, try keyring(2, 1)),
            (0, try keyring(2)), (1, try keyring(2)),
        ]
        for (place, keys) in steps {
            pair.run(.milliseconds(730))
            pair.endpoints[place].setSealer(keys)
        }
        pair.run(.seconds(2))
        #expect(pair.notices == [[.trust], [.trust]])
        #expect(pair.endpoints.allSatisfy { $0.count(of: .unopened) == 0 })
    }

    @Test("a restarted peer is believed after one round trip")
    func restart() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(1))
        pair.restart(1, epoch: 8, keyring: try keyring(1))
        pair.run(.milliseconds(30))
        #expect(pair.notices[0] == [.trust, .restart])
        #expect(pair.state(0) == .trusted && pair.state(1) == .trusted)
    }

    @Test(
        "last words that were sealed before count, and a recording of them is refused once the daemon runs again"
    )
    func lastWords() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        let words = try #require(pair.endpoints[1].lastWords(numbered: 1 << 14).datagrams().first)
        #expect(words[1] == Envelope.sealed)
        #expect(opened(words, with: try keyring(1))?.first == MessageLayout.lastWords)
        pair.isDown[1] = true
        pair.inject(words, to: 0)
        pair.run(.seconds(2))
        #expect(pair.endpoints[0].monitor.report(ofPeer: 0).verdict?.cause == .daemon)
        pair.restart(1, epoch: 8, keyring: try keyring(1))
        pair.run(.seconds(1))
        #expect(pair.state(0) == .trusted)
        let refused = pair.endpoints[0].count(of: .oldEpoch)
        pair.inject(words, to: 0)
        pair.run(.milliseconds(10))
        #expect(pair.endpoints[0].count(of: .oldEpoch) == refused + 1)
    }

    @Test(
        "what was recorded of a dead peer does not keep it alive, not before an observer that has restarted either"
    )
    func replay() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        pair.isDown[1] = true
        pair.run(.seconds(2))
        #expect(pair.state(0) == .suspected)
        let recording = pair.recorded.filter { $0.to == 0 }.map(\.bytes)
        for bytes in recording { pair.inject(bytes, to: 0) }
        pair.run(.milliseconds(500))
        #expect(pair.state(0) == .suspected)
        // The first messages, from before the incarnation was believed, are not remembered: they come as
        // overtaken ones.
        let refused = pair.endpoints[0].count(of: .duplicate) + pair.endpoints[0].count(of: .outdated)
        #expect(refused >= recording.count - 3)
        // The new incarnation of the observer has forgotten which numbers it had received.
        pair.restart(0, epoch: 6, keyring: try keyring(1))
        for _ in 0..<40 {
            for bytes in recording { pair.inject(bytes, to: 0) }
            pair.run(.milliseconds(100))
            #expect(pair.state(0) != .trusted)
        }
        #expect(pair.state(0) == .suspected)
    }

    @Test(
        "what was recorded since a snapshot does not keep a dead peer alive when the observer is set back to it"
    )
    func snapshot() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        let (snapshot, known) = (pair.endpoints[0], pair.recorded.count)
        pair.run(.seconds(15))
        pair.isDown[1] = true
        let recording = pair.recorded[known...].filter { $0.to == 0 }.map(\.bytes)
        pair.endpoints[0] = snapshot
        for bytes in recording {
            pair.inject(bytes, to: 0)
            pair.run(.milliseconds(100))
        }
        #expect(recording.count > 140)
        #expect(pair.state(0) == .suspected)
        #expect(pair.notices[0].filter { $0 == .trust }.count == 1)
    }

    @Test(
        "what was received after the last snapshot of a killed process is not believed by the one that continues"
    )
    func resumed() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        let (received, known) = (pair.endpoints[0].monitor.snapshot(at: pair.now), pair.recorded.count)
        pair.run(.seconds(1))
        pair.isDown[1] = true
        let recording = pair.recorded[known...].filter { $0.to == 0 }.map(\.bytes)
        // All numbers are those of the kill; what was received is a second old.
        var memory = pair.endpoints[0].monitor.snapshot(at: pair.now)
        memory.peers[0].received = received.peers[0].received
        pair.resume(0, memory, keyring: try keyring(1))
        let heard = pair.endpoints[0].monitor.report(ofPeer: 0).lastHeard
        for bytes in recording { pair.inject(bytes, to: 0) }
        pair.run(.milliseconds(50))
        #expect(pair.endpoints[0].monitor.report(ofPeer: 0).lastHeard == heard)
        pair.isDown[1] = false
        pair.run(.seconds(1))
        #expect(pair.state(0) == .trusted && !pair.notices[0].contains(.suspect))
    }

    @Test(
        "an attacker who slowly holds back what a peer sends hides its crash for as long and some pings more, and no longer"
    )
    func heldBack() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        // Slowly, so that nothing is ever late by much.
        while pair.delay[0] < .milliseconds(800) {
            pair.delay[0] = pair.delay[0] + .milliseconds(2)
            pair.run(.milliseconds(100))
        }
        #expect(!pair.notices[0].contains(.suspect))
        pair.isDown[1] = true
        pair.run(.milliseconds(700))
        #expect(pair.state(0) != .suspected)
        // What was held back is used up, and the round of pings, whose waits have grown with the way, is over.
        pair.run(.seconds(3))
        #expect(pair.state(0) == .suspected)
    }

    @Test(
        "an attacker who holds back what a peer sends for longer than the longest wait for a pong is noticed")
    func heldBackForLong() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        while pair.delay[0] < .seconds(2) {
            pair.delay[0] = pair.delay[0] + .milliseconds(2)
            pair.run(.milliseconds(100))
        }
        #expect(pair.notices[0].contains(.suspect))
    }

    @Test("two copies of one host do not ask with the same nonces")
    func copiesAsk() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        let snapshot = pair.endpoints[0]
        var nonces: [[UInt64]] = []
        pair.isDown[1] = true
        for _ in 0..<2 {
            let known = pair.recorded.count
            pair.run(.milliseconds(700))
            nonces.append(try pair.recorded[known...].compactMap { try pingNonce(in: $0.bytes) })
            pair.endpoints[0] = snapshot
        }
        #expect(nonces.allSatisfy { $0.count >= 4 } && Set(nonces[0]).isDisjoint(with: nonces[1]))
    }

    private func pingNonce(in datagram: [UInt8]) throws -> UInt64? {
        let body = try #require(opened(datagram, with: try keyring(1)))
        var decoder = MessageDecoder()
        guard
            case .ping(let nonce) = try decoder.decode(body.span, from: 0, for: host("b"), arrived: start)
                .body
        else { return nil }
        return nonce
    }
}

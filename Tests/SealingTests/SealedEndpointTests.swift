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
        "whoever has another key, or none, is not believed and not answered",
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

    @Test("a key is replaced on a live link, one step at a time, and nobody is suspected")
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
        // The first messages, from before the life was believed, are not remembered: they come as overtaken ones.
        let refused = pair.endpoints[0].count(of: .duplicate) + pair.endpoints[0].count(of: .outdated)
        #expect(refused >= recording.count - 3)
        // The new life of the observer has forgotten which numbers it had received.
        pair.restart(0, epoch: 6, keyring: try keyring(1))
        for _ in 0..<40 {
            for bytes in recording { pair.inject(bytes, to: 0) }
            pair.run(.milliseconds(100))
            #expect(pair.state(0) != .trusted)
        }
        #expect(pair.state(0) == .suspected)
    }

    @Test(
        "answers to addresses that are no peer's are few, whatever is asked, and the peer's own are all given"
    )
    func budget() throws {
        var budget = AnswerBudget()
        var now = start
        var (strangers, peers) = (0, 0)
        for _ in 0..<10_000 {
            now = now + .microseconds(100)
            for _ in 0..<5 where budget.admits(toPeersOwnAddress: false, at: now) { strangers += 1 }
            if budget.admits(toPeersOwnAddress: true, at: now) { peers += 1 }
        }
        #expect(peers == 10_000)
        #expect((500...601).contains(strangers))
    }
}

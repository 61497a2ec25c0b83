import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// A daemon reads whatever arrives at its port.
///
/// None of it may stop it, or change what it thinks.
@Suite("P8, P13: mutated datagrams")
struct MutationTests {
    /// What a datagram that is not believed must leave alone.
    private struct Books: Equatable {
        var dot: Dot
        var entries: [Dot]
        var states: [PeerState]
        var evidence: [Evidence]

        init(_ endpoint: Endpoint) {
            let places = 0..<endpoint.monitor.count
            dot = endpoint.monitor.clock.dot
            entries = endpoint.monitor.clock.entries
            states = places.map { endpoint.monitor.state(ofPeer: $0) }
            evidence = places.map { endpoint.monitor.evidence(of: $0) }
        }
    }

    /// A host `a` that has heard `b`, and the message of `b` that is to be mutated: its next one.
    private struct Scene {
        var endpoint = WireTests.endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        var given: UInt64 = 0
        let valid = datagram(
            .ping(nonce: 42), counter: 12, sequence: 2,
            acknowledging: (Epoch(5), LinkAcknowledgement(highest: 1, bitmap: 0, delay: .zero)),
            entries: manyEntries(5))

        init() {
            give(datagram(.heartbeat))
            endpoint.wake(at: start, into: &outbox)
        }

        mutating func give(_ datagram: [UInt8]) {
            given += 1
            endpoint.receive(datagram.span, from: loopback(9), arrived: start, at: start, into: &outbox)
        }
    }

    /// Gives what must be refused, then what must count.
    private func expectAllRefused(_ mutants: some Sequence<[UInt8]>, as reasons: [Refusal]) {
        var scene = Scene()
        let before = Books(scene.endpoint)
        let (refused, sent) = (scene.endpoint.refused, scene.endpoint.sent)
        var count: UInt64 = 0
        for mutant in mutants {
            scene.give(mutant)
            count += 1
        }
        #expect(scene.endpoint.refused == refused + count)
        #expect(reasons.reduce(0) { $0 + scene.endpoint.count(of: $1) } == count)
        #expect(Books(scene.endpoint) == before)
        #expect(scene.endpoint.sent == sent, "nothing was answered")
        scene.give(scene.valid)
        #expect(scene.endpoint.accepted == 2)
        #expect(scene.endpoint.accepted + scene.endpoint.refused == scene.given)
        // The sender is known from now on; of hosts that no host configured no entry is taken.
        #expect(scene.endpoint.monitor.clock.entries.map(\.host) == [host("b")])
    }

    @Test("no single flipped bit gets through")
    func bitFlips() {
        let valid = Scene().valid
        let mutants = (0..<valid.count * 8).map { bit in
            var mutant = valid
            mutant[bit / 8] ^= 1 << UInt8(bit % 8)
            return mutant
        }
        expectAllRefused(mutants, as: [.malformed, .version, .sealed])
    }

    @Test("nor any beginning, nor the whole with something after it")
    func lengths() {
        let valid = Scene().valid
        expectAllRefused((0..<valid.count).map { Array(valid.prefix($0)) }, as: [.malformed])
        expectAllRefused((1...50).map { valid + [UInt8](repeating: 0, count: $0) }, as: [.malformed])
    }

    @Test("nor anything longer than a datagram may be", arguments: [1_201, 1_500, 9_000, 65_507])
    func oversized(length: Int) {
        let valid = Scene().valid
        let long = valid + [UInt8](repeating: 0, count: length - valid.count)
        expectAllRefused([long, resealed(long)], as: [.oversized])
    }

    @Test("nor junk of any length", arguments: 0..<4 as Range<UInt64>)
    func junk(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let junk = (0..<5_000).map { _ in
            let length = Int.random(in: 0...300, using: &generator)
            return (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        // One junk datagram in 2^32 would pass the checksum; with these seeds none does.
        expectAllRefused(junk, as: [.malformed, .version, .sealed])
    }

    @Test("nor 80,000 datagrams with a few bytes changed, cut or inserted", arguments: 0..<4 as Range<UInt64>)
    func mutants(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let valid = Scene().valid
        let mutants = (0..<20_000).lazy.map { _ in mutant(of: valid, &generator) }
        expectAllRefused(Array(mutants).filter { $0 != valid }, as: [.malformed, .version, .sealed])
    }

    @Test(
        "100,000 mutants with a right checksum neither trap nor miscount", arguments: 0..<4 as Range<UInt64>)
    func resealedMutants(seed: UInt64) {
        var generator = SeededGenerator(seed: seed + 100)
        var scene = Scene()
        scene.endpoint.setWallClock(seconds: Epoch.origin + 1_000)
        var now = start
        for count in 0..<25_000 {
            scene.given += 1
            let datagram = resealed(mutant(of: scene.valid, &generator))
            scene.endpoint.receive(
                datagram.span, from: loopback(9), arrived: now, at: now, into: &scene.outbox)
            if count.isMultiple(of: 100) {
                now = now + .milliseconds(5)
                scene.endpoint.beginTurn(at: now, into: &scene.outbox)
                scene.endpoint.wake(at: now, into: &scene.outbox)
                scene.outbox.removeAll()
            }
        }
        #expect(scene.endpoint.accepted + scene.endpoint.refused == scene.given)
        #expect(scene.endpoint.refused > 10_000)
        #expect(scene.endpoint.monitor.clock.entries.allSatisfy { $0.epoch <= Epoch(87_400) })
        #expect(scene.endpoint.monitor.clock.owner == host("a"))
        // Whatever incarnation of b they invented, a later one is believed.
        let accepted = scene.endpoint.accepted
        scene.give(datagram(.heartbeat, epoch: 87_400, sequence: MessageLayout.maximumSequence))
        #expect(scene.endpoint.accepted == accepted + 1)
    }

    @Test("whatever is read from a datagram is well-formed", arguments: 0..<4 as Range<UInt64>)
    func wellFormed(seed: UInt64) {
        var generator = SeededGenerator(seed: seed + 200)
        let valid = Scene().valid
        let messages = (0..<25_000).lazy.compactMap { _ in decoded(resealed(mutant(of: valid, &generator))) }
        var count = 0
        for message in messages {
            count += 1
            #expect(message.isWellFormed, "\(message)")
        }
        #expect(count > 1_000)
    }

    private func mutant(of valid: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = valid
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
            let value = [UInt8.random(in: 0...255, using: &generator), 0, 0xFF, 0x80, 0x7F].randomElement(
                using: &generator)
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: bytes.removeLast(min(bytes.count, .random(in: 1...20, using: &generator)))
            case 1: bytes.insert(value ?? 0, at: min(place, bytes.count))
            case 2 where place < bytes.count: bytes.remove(at: place)
            case 3..<6 where place < bytes.count:
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            default: if place < bytes.count { bytes[place] = value ?? 0 }
            }
        }
        return bytes
    }
}

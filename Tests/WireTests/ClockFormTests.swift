import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("P13: clock blocks of every form")
struct ClockFormTests {
    /// What was written, as far as it must be read again.
    private struct Written {
        var outgoing: OutboundMessage
        var knowledge: MessageContext
        var bytes: [UInt8]
    }

    private func written(_ generator: inout SeededGenerator, baseline: Bool) -> Written {
        var clock = VectorClock(
            owner: host("b"), epoch: Epoch(70), counter: .random(in: 9...900, using: &generator))
        let entries = manyEntries(
            .random(in: 0...90, using: &generator), counter: .random(in: 1...1 << 50, using: &generator))
        let split = Int.random(in: 0...entries.count, using: &generator)
        let bounds = entries.map(\.host).filter { _ in Int.random(in: 0..<8, using: &generator) == 0 }
        clock.merge(Array(entries[..<split]), lowerBounds: bounds) { _ in }
        clock.tick()
        let base = clock.counter
        clock.merge(Array(entries[split...]), isComplete: Bool.random(using: &generator)) { _ in }
        clock.tick()
        var knowledge = MessageContext(clock: clock)
        knowledge.testimonies = entries.prefix(.random(in: 0...4, using: &generator)).map {
            Testimony(
                subject: Dot(host: $0.host, epoch: $0.epoch, counter: .random(in: 0...9, using: &generator)),
                age: .microseconds(.random(in: 0...9_000_000, using: &generator)),
                knownOfYou: .random(in: 0...1 << 53 - 1, using: &generator), gotOfYou: 3,
                isTrusted: Bool.random(using: &generator), asks: Bool.random(using: &generator),
                isOnBehalf: Bool.random(using: &generator))
        }
        let outgoing = OutboundMessage(
            to: 0, body: .heartbeat, counter: clock.counter, sequence: 12, interval: .milliseconds(100),
            sent: start)
        var link = OutgoingLink(addressee: host("a"))
        if baseline {
            link.baseline.note(11, through: base)
            link.baseline.learn(LinkAcknowledgement(highest: 11, bitmap: 0, delay: .zero))
        }
        var encoder = MessageEncoder()
        _ = encoder.encode(
            outgoing, over: &link, carrying: knowledge, limit: Envelope.maximumLength, sealer: nil)
        return Written(outgoing: outgoing, knowledge: knowledge, bytes: encoder.datagram)
    }

    @Test("what is written is read, whatever the form", arguments: [false, true])
    func roundTrip(baseline: Bool) throws {
        var generator = SeededGenerator(seed: 5)
        var forms = (full: 0, delta: 0, partial: 0)
        for _ in 0..<1_000 {
            let written = written(&generator, baseline: baseline)
            #expect(written.bytes.count <= Envelope.maximumLength)
            let read = try #require(decoded(written.bytes))
            let clock = written.knowledge.clock
            #expect(read.dot == clock.dot && read.hasGaps == clock.hasGaps)
            #expect(read.testimonies == written.knowledge.testimonies)
            #expect(read.clock.allSatisfy { clock.latest(of: $0.host) == $0 })
            let reported = Set(read.clock.map(\.host))
            switch read.clockForm {
            case .full:
                forms.full += 1
                #expect(read.clock == clock.entries && read.lowerBounds == clock.lowerBounds)
            case .delta(let base):
                forms.delta += 1
                #expect(
                    clock.entries.indices.allSatisfy {
                        clock.changedAt[$0] <= base || reported.contains(clock.entries[$0].host)
                    })
                #expect(read.lowerBounds == clock.lowerBounds.filter(reported.contains))
            case .partial(let base, let through):
                forms.partial += 1
                let span = base + 1..<through + 1
                #expect(
                    clock.entries.indices.allSatisfy {
                        !span.contains(clock.changedAt[$0]) || reported.contains(clock.entries[$0].host)
                    })
            }
        }
        #expect(forms.full > 50 && forms.partial > 50)
        #expect((forms.delta > 50) == baseline, "\(forms)")
    }

    @Test("a message with everything in it is canonical: no prefix is read, and no flipped bit traps")
    func canonical() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<4 {
            let bytes = written(&generator, baseline: true).bytes
            for bit in stride(from: 0, to: bytes.count * 8, by: 5) {
                var mutant = bytes
                mutant[bit / 8] ^= 1 << UInt8(bit % 8)
                _ = decoded(resealed(mutant))
            }
            for length in 0..<bytes.count { #expect(decoded(resealed(Array(bytes.prefix(length)))) == nil) }
        }
    }
}

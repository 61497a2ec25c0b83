import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// Opinions as bytes.
@Suite("opinions on the wire")
struct OpinionTests {
    private func opinion(
        _ subject: String, epoch: UInt64 = 1_000, _ cause: Cause = .crash,
        _ certainty: Certainty = .suspected,
        own: Bool = true, after: Bool = false, counter: UInt64 = 7
    ) -> Opinion {
        Opinion(
            subject: host(subject), epoch: Epoch(epoch), verdict: Verdict(cause, certainty),
            isOwnTimeout: own,
            isAfterAnother: after, counter: counter)
    }

    private func block(_ opinions: [Opinion], upTo counter: UInt64 = 1 << 40) -> OpinionBlock {
        var block = OpinionBlock()
        block.update(opinions, revision: 1, upTo: counter)
        return block
    }

    /// A message of `db1` with opinions.
    private func message(
        _ opinions: OpinionBlock?, body: InboundMessage.Body = .heartbeat, counter: UInt64 = 200,
        entries: [Dot] = []
    ) -> [UInt8] {
        var clock = VectorClock(owner: host("db1"), epoch: Epoch(1_000), counter: counter - 1)
        clock.merge(entries) { _ in }
        clock.tick()
        var encoder = MessageEncoder()
        var link = OutgoingLink(addressee: host("db2"))
        let outgoing = OutboundMessage(
            to: 0, body: body, counter: counter, sequence: 300, interval: .milliseconds(200),
            sent: Instant(nanoseconds: 0x0102_0304_0506_0708))
        #expect(
            encoder.encode(
                outgoing, over: &link, carrying: MessageContext(clock: clock, opinions: opinions),
                limit: Envelope.maximumLength, sealer: nil))
        return encoder.datagram
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// As the golden datagrams, with the flag 10 and two opinions after the entries.
    ///
    ///     02                            how many
    ///     03 646233   b8 17   11   07       db3, epoch 3000: crash, suspected, own timeout, since event 7
    ///     03 646234   00      3a   c8 01    db4, of no known epoch: link, proved, own, after another, event 200
    @Test("a list is written, and read, as the layout says")
    func golden() throws {
        let opinions = [
            opinion("db3", epoch: 3_000),
            opinion("db4", epoch: 0, .link, .proved, after: true, counter: 200),
        ]
        let entries = [Dot(host: host("db3"), epoch: Epoch(3_000), counter: 129)]
        let golden = resealed(
            bytes(
                """
                010000000000 01 03646231 03646232 ac02 0807060504030201 c09a0c
                0000000000000000 0000000000000000
                10 e807 c801 01 03646233 b817 8101 02 03646233 b817 11 07 03646234 00 3a c801
                """))
        #expect(message(block(opinions), entries: entries) == golden)
        let read = try #require(decoded(golden, for: "db2"))
        #expect(read.opinions == opinions && read.opinionScope == .all && read.clock == entries)
    }

    @Test("an empty list is one byte, and no list says nothing")
    func empty() throws {
        #expect(message(block([])).count == message(nil).count + 1)
        #expect(try #require(decoded(message(block([])), for: "db2")).opinionScope == .all)
        #expect(try #require(decoded(message(nil), for: "db2")).opinionScope == .none)
    }

    @Test("an opinion that the message cannot know of yet waits for the next")
    func later() {
        var block = OpinionBlock()
        let opinions = [opinion("db3", counter: 7), opinion("db4", counter: 9)]
        block.update(opinions, revision: 1, upTo: 8)
        #expect(decoded(message(block, counter: 8), for: "db2")?.opinions.map(\.counter) == [7])
        block.update(opinions, revision: 1, upTo: 9)
        #expect(decoded(message(block, counter: 9), for: "db2")?.opinions.map(\.counter) == [7, 9])
        block.update([], revision: 2, upTo: 10)
        #expect(decoded(message(block, counter: 10), for: "db2")?.opinions == [])
    }

    @Test(
        "of too many the latest are sent, and the message says that they are not all", arguments: [1, 12, 60])
    func tooMany(length: Int) throws {
        let pad = String(repeating: "x", count: length - 1)
        let subjects = length == 1 ? (33...120).compactMap { HostID(String(UnicodeScalar(UInt8($0)))) } : []
        let names = length == 1 ? subjects.map(\.description) : (100..<190).map { "\(pad)\($0)" }
        let opinions = names.sorted { host($0) < host($1) }.enumerated().map {
            opinion($0.element, counter: UInt64($0.offset * 37 % 89 + 1))
        }
        let block = block(opinions)
        #expect(block.isPartial && block.bytes.count <= OpinionBlock.maximumLength)
        let entries = manyEntries(400)
        let sent = message(block, entries: entries)
        #expect(sent.count <= Envelope.maximumLength)
        let read = try #require(decoded(sent, for: "db2"))
        #expect(read.opinionScope == .part && !read.clock.isEmpty)
        let kept = read.opinions.count
        #expect(kept == 64 || block.bytes.count + length + 8 > OpinionBlock.maximumLength)
        let latest = opinions.sorted { $0.counter > $1.counter }.prefix(kept)
        #expect(Set(read.opinions) == Set(latest))
        #expect(read.opinions == read.opinions.sorted { $0.subject < $1.subject })
    }

    @Test(
        "what is not canonical is refused",
        arguments: [
            ("10 e807 c801 00 02 03646234 00 11 07 03646233 00 11 07", "descending"),
            ("10 e807 c801 00 02 03646233 00 11 07 03646233 00 11 07", "twice"),
            ("10 e807 c801 00 01 03646231 00 11 07", "of the sender itself"),
            ("10 e807 c801 00 01 03646233 00 51 07", "a reserved bit"),
            ("10 e807 c801 00 01 03646233 00 15 07", "a reserved cause"),
            ("10 e807 c801 00 01 03646233 00 11 00", "event 0"),
            ("10 e807 c801 00 01 03646233 00 11 c901", "an event to come"),
            ("10 e807 c801 00 41", "65 opinions, none of them there"),
            ("10 e807 c801 00 8100 03646233 00 11 07", "a count that is not in its shortest form"),
            ("10 e807 c801 00", "no list"), ("20 e807 c801 00", "a part of no list"),
            ("40 e807 c801 00 00", "an unknown flag"), ("10 e807 c801 00 00 00", "something after the list"),
        ])
    func refused(clock: String, why: String) {
        let head =
            "010000000000 01 03646231 03646232 ac02 0807060504030201 c09a0c"
            + String(repeating: "00", count: 16)
        #expect(decoded(resealed(bytes(head + clock)), for: "db2") == nil, "\(why)")
        #expect(decoded(resealed(bytes(head + "10 e807 c801 00 01 03646233 00 11 07")), for: "db2") != nil)
    }

    @Test(
        "pongs and leaves never carry opinions",
        arguments: [InboundMessage.Body.pong(nonce: 1, waited: .zero), .leave])
    func never(body: InboundMessage.Body) {
        #expect(decoded(message(block([]), body: body), for: "db2") == nil)
        #expect(decoded(message(nil, body: body), for: "db2") != nil)
    }

    @Test(
        "100,000 mutants of opinions with a right checksum neither trap nor miscount",
        arguments: 0..<4 as Range<UInt64>)
    func mutants(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var endpoint = endpoint("db2", peers: ["db1", "db3", "db4", "db5"].map { settings($0) })
        var outbox = Outbox()
        let valid = message(block(["db2", "db3", "db4", "db5"].map { opinion($0) }), body: .ping(nonce: 1))
        for _ in 0..<25_000 {
            var mutant = valid
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                // Sequence numbers, too, so that many are taken for fresh.
                let place = Int.random(in: 14..<mutant.count, using: &generator)
                mutant[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let datagram = resealed(mutant)
            outbox.removeAll()
            endpoint.receive(datagram.span, from: loopback(9), arrived: start, at: start, into: &outbox)
        }
        #expect(endpoint.accepted + endpoint.refused == 25_000 && endpoint.accepted > 0)
        for index in 0..<4 { #expect(endpoint.monitor.witnesses(ofPeer: index).count <= 3) }
    }

    @Test("opinions said again and again allocate nothing: the space and the list stay as they are")
    func steadyState() throws {
        var endpoint = endpoint("db2", peers: ["db1", "db3"].map { settings($0) })
        var outbox = Outbox()
        let block = block([opinion("db3", epoch: 0)])
        var revisions: [UInt64] = []
        for count in 1...1_000 as ClosedRange<UInt64> {
            outbox.removeAll()
            var datagram = message(block, counter: 200)
            // The sequence number stands in two bytes after the two names.
            datagram[15] = UInt8(count & 0x7F | 0x80)
            datagram[16] = UInt8(count >> 7)
            guard count > 128 else { continue }
            let now = start + .milliseconds(Int64(count))
            endpoint.receive(resealed(datagram).span, from: loopback(1), arrived: now, at: now, into: &outbox)
            revisions.append(endpoint.monitor.opinionRevision)
        }
        #expect(endpoint.accepted == 872)
        #expect(Set(revisions.dropFirst()).count == 1, "nothing is gathered anew")
        #expect(endpoint.monitor.witnesses(ofPeer: 1).count == 1)
    }
}

import ByteCoding
import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("messages as bytes")
struct MessageTests {
    /// A message with every field set.
    private func message(_ generator: inout SeededGenerator) -> (InboundMessage, [UInt8]) {
        let bodies: [InboundMessage.Body] = [
            .heartbeat, .leave, .ping(nonce: generator.next()),
            .pong(
                nonce: generator.next(),
                waited: TimeSpan(nanoseconds: .random(in: 0...(.max), using: &generator))),
        ]
        let body = bodies.randomElement(using: &generator) ?? .heartbeat
        let shift = UInt64.random(in: 0...52, using: &generator)
        let counter = UInt64.random(in: 1...VectorClock.maximumCounter, using: &generator) >> shift | 1
        let dot = Dot(
            host: host("b"), epoch: Epoch(.random(in: 1...(.max), using: &generator)), counter: counter)
        let sequence = UInt64.random(in: 1...MessageLayout.maximumSequence, using: &generator)
        let interval = TimeSpan.microseconds(.random(in: 0...9_000_000_000, using: &generator))
        let sent = Instant(nanoseconds: .random(in: 0...(.max), using: &generator))
        let ack = LinkAcknowledgement(
            highest: generator.next(), bitmap: generator.next(),
            delay: .microseconds(.random(in: 0...9_000_000, using: &generator)))
        let acknowledged = Bool.random(using: &generator) ? Epoch(generator.next()) : nil
        let entries = manyEntries(.random(in: 0...40, using: &generator), epoch: generator.next())
        let bytes = datagram(
            body, epoch: dot.epoch.value, counter: counter, sequence: sequence, interval: interval,
            sent: sent,
            acknowledging: acknowledged.map { ($0, ack) }, entries: entries)
        let none = LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero)
        let reception = InboundMessage(
            dot: dot, sequence: sequence, sent: sent, arrived: start, interval: interval, body: body,
            acknowledgedEpoch: acknowledged, acknowledgement: acknowledged == nil ? none : ack, clock: entries
        )
        return (reception, bytes)
    }

    @Test(
        "every message comes out as it went in, and goes in again as the same bytes",
        arguments: 1...8 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            let (message, bytes) = message(&generator)
            let read = try #require(decoded(bytes))
            #expect(read.dot == message.dot && read.sequence == message.sequence && read.sent == message.sent)
            #expect(read.interval == message.interval && read.body == message.body)
            #expect(read.acknowledgedEpoch == message.acknowledgedEpoch)
            #expect(read.acknowledgement == message.acknowledgement && read.clock == message.clock)
            #expect(read.arrived == start)
            let again = datagram(
                read.body, epoch: read.dot.epoch.value, counter: read.dot.counter, sequence: read.sequence,
                interval: read.interval, sent: read.sent,
                acknowledging: read.acknowledgedEpoch.map { ($0, read.acknowledgement) }, entries: read.clock)
            #expect(again == bytes)
        }
    }

    @Test("a number has one encoding: longer forms are refused")
    func varints() {
        func read(_ bytes: [UInt8]) -> UInt64? {
            var reader = ByteReader(at: 0)
            let value = reader.varint(bytes.span)
            return reader.failed || reader.offset != bytes.count ? nil : value
        }
        for value in [0, 1, 127, 128, 16_383, 16_384, (1 << 53) - 1, .max - 1, .max] as [UInt64] {
            var writer = ByteWriter(capacity: 10)
            writer.varint(value)
            #expect(read(writer.bytes) == value)
        }
        #expect(read([0x80, 0x00]) == nil, "zero in two bytes")
        #expect(read([0xFF, 0x80, 0x00]) == nil, "127 in three")
        #expect(read([0x80]) == nil, "cut off")
        #expect(read(Array(repeating: 0xFF, count: 9) + [0x01]) == .max)
        #expect(read(Array(repeating: 0xFF, count: 9) + [0x02]) == nil, "65 bits")
        #expect(read(Array(repeating: 0xFF, count: 10) + [0x01]) == nil, "eleven bytes")
        #expect(read([]) == nil)
    }

    @Test("the checksum is CRC-32C, with its own four bytes taken as zero")
    func checksum() {
        // The check value of the algorithm's catalogue entry.
        #expect(Checksum.crc32c(Array("123456789".utf8).span, zeroingFourAt: 9) == 0xE306_9283)
        let zeros = [UInt8](repeating: 0, count: 12)
        var marked = zeros
        for index in 4..<8 { marked[index] = 0xAB }
        #expect(
            Checksum.crc32c(marked.span, zeroingFourAt: 4) == Checksum.crc32c(zeros.span, zeroingFourAt: 4))
        #expect(
            Checksum.crc32c(marked.span, zeroingFourAt: 0) != Checksum.crc32c(zeros.span, zeroingFourAt: 0))
    }

    @Test("what the layout forbids is refused although its checksum is right")
    func forbidden() {
        let good = datagram(.heartbeat, entries: manyEntries(2))
        #expect(decoded(good) != nil)
        func changed(_ offset: Int, _ value: UInt8) -> InboundMessage? {
            var bytes = good
            bytes[offset] = value
            return decoded(resealed(bytes))
        }
        // 6: kind, 7–8: sender, 9–10: addressee, 11: sequence, 12–19: sent, 20–22: interval, 23–38: digests, 39: flags,
        // 40: epoch, 41: counter, 42: number of entries, 43–51 and 55–63: hosts
        #expect(changed(6, 0) == nil && changed(6, 5) == nil && changed(6, 6) == nil, "an unknown kind")
        #expect(
            changed(7, 0) == nil && changed(7, 64) == nil && changed(7, 255) == nil, "a name of no length")
        #expect(changed(8, 0x2F) == nil, "a character that no name has")
        #expect(changed(11, 0) == nil, "sequence number 0")
        #expect(changed(19, 0x80) == nil, "a time before the clock began")
        #expect(
            changed(39, 1) == nil && changed(39, 3) == nil,
            "a form of clock that is reserved, or lacks its base")
        #expect(changed(39, 8) == nil && changed(39, 0x80) == nil, "a block announced and not there")
        #expect(changed(39, 0x40) != nil, "a clock with gaps is none of these")
        #expect(changed(41, 0) == nil, "counter 0")
        #expect(changed(42, 1) == nil && changed(42, 3) == nil, "more or fewer entries than stated")
        #expect(decoded(resealed(good + [0])) == nil, "something after the end")
        var twice = good
        twice.replaceSubrange(55..<64, with: good[43..<52])
        #expect(decoded(resealed(twice)) == nil, "one host twice")
    }

    @Test("entries must not name the sender, and may name the addressee")
    func owners() {
        let entry = { (name: String) in [Dot(host: host(name), epoch: Epoch(1), counter: 1)] }
        #expect(decoded(datagram(.heartbeat, entries: entry("a")))?.clock == entry("a"))
        // The encoder never writes the sender's entry, so the message of `c` is given to `b` by changing its name.
        var bytes = datagram(.heartbeat, from: "c", entries: entry("b"))
        bytes[8] = 0x62
        #expect(decoded(resealed(bytes)) == nil)
    }
}

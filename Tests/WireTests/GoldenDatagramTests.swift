import CausalClock
import Testing

@testable import FailureDetection
@testable import Records
@testable import Wire

/// One datagram of each kind, byte by byte.
///
/// They were composed by hand from the layout, and the checksums computed by
/// another program; what stands here is the protocol, and a change of it is a new version.
///
///     01 00                     version 1, protected by a checksum
///     …                         CRC-32C, 4 bytes
///     01 | 02 | 03 | 04 | 05    heartbeat, ping, pong, leave, records
///     03 646231                 sender "db1"
///     03 646232                 addressee "db2"
///     ac 02                     sequence 300
///     08 07 06 05 04 03 02 01   sent at 0x0102030405060708 ns
///     c0 9a 0c                  interval 200,000 µs
///     88 77 66 55 44 33 22 11   ping and pong: the nonce 0x1122334455667788
///     80 70 60 50 40 30 20 10   heartbeat and ping: digest 0x1020304050607080 of members and removals,
///     0f 0e 0d 0c 0b 0a 09 08   … and 0x08090a0b0c0d0e0f of views and services
///     00 × 16                   ping: the rest of the space for the answer
///     40 42 0f 00 00 00 00 00   pong: the ping waited 1,000,000 ns
///     04                        FULL, an acknowledgement follows (00: none does)
///     e8 07   07                epoch 1000, counter 7
///     d0 0f   05                acknowledged: of epoch 2000, up to number 5,
///     0b 00 00 00 00 00 00 00   … and of those before: 4, 3 and 1
///     dc 0b                     … held for 1,500 µs
///     02                        two entries:
///     03 646232   d0 0f   09    db2, epoch 2000, counter 9
///     03 646233   b8 17   8101  db3, epoch 3000, counter 129
///     04                        records: they follow,
///     01   02 6830   05         … of which there is one: "h0" was removed up to its epoch 5
@Suite("P13: golden datagrams")
struct GoldenDatagramTests {
    private static let golden: [(body: InboundMessage.Body, isLong: Bool, hex: String)] = [
        (
            .heartbeat, true,
            """
            01009e68a62b 01 03646231 03646232 ac02 0807060504030201 c09a0c
            8070605040302010 0f0e0d0c0b0a0908
            04 e807 07 d00f 05 0b00000000000000 dc0b 02 03646232 d00f 09 03646233 b817 8101
            """
        ),
        (
            .ping(nonce: 0x1122_3344_5566_7788), false,
            """
            0100775026a3 02 03646231 03646232 ac02 0807060504030201 c09a0c 8877665544332211
            8070605040302010 0f0e0d0c0b0a0908 0000000000000000 0000000000000000 00 e807 07 00
            """
        ),
        (
            .pong(nonce: 0x1122_3344_5566_7788, waited: .milliseconds(1)), true,
            """
            010016fa55db 03 03646231 03646232 ac02 0807060504030201 c09a0c 8877665544332211 40420f0000000000
            04 e807 07 d00f 05 0b00000000000000 dc0b 02 03646232 d00f 09 03646233 b817 8101
            """
        ),
        (
            .records, true,
            """
            0100b30db57c 05 03646231 03646232 ac02 0807060504030201 c09a0c
            04 e807 07 d00f 05 0b00000000000000 dc0b 02 03646232 d00f 09 03646233 b817 8101
            04 01 026830 05
            """
        ),
        (.leave, false, "01004f0bb6f1 04 03646231 03646232 ac02 0807060504030201 c09a0c 00 e807 07 00"),
    ]

    private static let digests = RecordDigests(members: 0x1020_3040_5060_7080, facts: 0x0809_0A0B_0C0D_0E0F)
    private static let cargo = RepairMessage.records([Record(removing: host("h0"), upTo: Epoch(5))])

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    @Test("each kind is written, and read, as the layout says", arguments: golden.indices)
    func kind(index: Int) throws {
        let (body, isLong, hex) = Self.golden[index]
        let ack = LinkAcknowledgement(highest: 5, bitmap: 0b1011, delay: .microseconds(1_500))
        let entries = [
            Dot(host: host("db2"), epoch: Epoch(2_000), counter: 9),
            Dot(host: host("db3"), epoch: Epoch(3_000), counter: 129),
        ]
        let written = datagram(
            body, from: "db1", to: "db2", epoch: 1_000, counter: 7, sequence: 300,
            interval: .milliseconds(200),
            sent: Instant(nanoseconds: 0x0102_0304_0506_0708),
            acknowledging: isLong ? (Epoch(2_000), ack) : nil,
            entries: isLong ? entries : [],
            digests: Self.digests, cargo: body == .records ? RepairCodec.encode(Self.cargo) : [])
        #expect(written == bytes(hex))
        let read = try #require(decoded(bytes(hex), for: "db2"))
        #expect(read.body == body && read.sequence == 300 && read.dot.counter == 7)
        #expect(read.clock == (isLong ? entries : []))
        var decoder = MessageDecoder()
        _ = try decoder.decode(
            bytes(hex).span, from: Envelope.headerLength, for: host("db2"), arrived: start)
        switch (body, decoder.attachment) {
        case (.heartbeat, .digests(let digests)), (.ping, .digests(let digests)):
            #expect(digests == Self.digests)
        case (.records, .cargo(let message)): #expect(message == Self.cargo)
        case (.pong, .none), (.leave, .none): break
        default: Issue.record("\(body) has \(decoder.attachment)")
        }
    }
}

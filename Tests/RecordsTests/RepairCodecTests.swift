import CausalClock
import TestSupport
import Testing

@testable import Records

/// Messages of a repair as bytes.
@Suite("records: encoding of repair messages")
struct RepairCodecTests {
    private static let samples: [RepairMessage] = {
        let prefix = RepairPrefix(bits: 0xAB00_0000_0000_0000, depth: 2) ?? .root
        let nodes = (0..<5).compactMap { RepairNode(prefix: $0 == 0 ? .root : prefix, children: numbers(16)) }
        return [
            .compare(.members, nodes), .compare(.facts, Array(nodes.prefix(1))),
            .summary(.facts, .root, []), .summary(.members, prefix, numbers(100)),
            .fetch(.facts, prefix, numbers(3)),
            .records([.member(Names.hosts[0], 1, 1), .view(by: Names.hosts[1], 2, 3)]),
        ]
    }()

    private static func numbers(_ count: Int) -> [UInt64] {
        (0..<count).map { UInt64($0) &* 0x0123_4567_89AB_CDEF &+ 5 }
    }

    @Test("each message is read as it was written, and fits into a datagram")
    func roundTrip() {
        for sample in Self.samples {
            let bytes = RepairCodec.encode(sample)
            #expect(RepairCodec.decode(bytes.span) == sample)
            #expect(bytes.count <= RepairCodec.maximumLength)
            for length in 0..<min(bytes.count, 200) {
                let part = RepairCodec.decode(Array(bytes[..<length]).span)
                #expect(part != sample)
            }
        }
        #expect(RepairCodec.maximumLength <= 820)
    }

    @Test("what a store answers fits, too: to nodes that all differ, and to an empty host")
    func answers() {
        var store = Names.store(of: Names.hosts[0], members: Names.hosts)
        for host in Names.hosts.dropFirst() {
            for counter in 1...32 as ClosedRange<UInt64> {
                let name = Names.services[Int(counter)]
                _ = store.merge(.service(name, of: host, 1, counter), in: Names.context(of: Names.hosts[0]))
            }
        }
        var queue = [store.beginRepair(of: .facts), .summary(.facts, .root, [])]
        if let node = RepairNode(prefix: .root, children: Self.numbers(16)) {
            queue.append(.compare(.facts, [node]))
        }
        var count = 0
        while let message = queue.popLast(), count < 1_000 {
            #expect(RepairCodec.encode(message).count <= RepairCodec.maximumLength)
            count += 1
            if case .records = message { continue }
            if count < 50 { queue += store.answers(to: message) }
        }
        #expect(count > 10)
    }

    @Test("changed bytes are refused, or are another message in its one form; nothing traps")
    func mutations() {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<4_000 {
            var bytes = RepairCodec.encode(
                Self.samples[Int.random(in: 0..<Self.samples.count, using: &generator)])
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = Int.random(in: 0..<min(bytes.count, 24), using: &generator)
                bytes[index] = UInt8.random(in: 0...20, using: &generator)
            }
            guard let message = RepairCodec.decode(bytes.span) else { continue }
            #expect(RepairCodec.encode(message) == bytes)
        }
    }
}

import StatusAPI
import Testing

/// Bytes in, messages out.
@Suite("Cutting bytes into messages")
struct FramerTests {
    @Test("messages come out whole, however the bytes were cut", arguments: [1, 2, 3, 7, 100])
    func anyCut(size: Int) throws {
        let bytes = [UInt8]("one\0two\0\0three\0fo".utf8)
        var framer = VarlinkFramer(limit: 10)
        var messages: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            try framer.append(bytes[start..<min(start + size, bytes.count)])
            while let message = try framer.next() {
                messages.append(String(decoding: message, as: UTF8.self))
            }
        }
        #expect(messages == ["one", "two", "", "three"])
        #expect(framer.count == 2)
        #expect(!framer.hasMessage)
    }

    @Test("a message of exactly the limit passes; one byte more does not, terminated or not")
    func limit() throws {
        var framer = VarlinkFramer(limit: 4)
        try framer.append([UInt8]("1234\0".utf8))
        #expect(try framer.next() == [UInt8]("1234".utf8))
        #expect(throws: VarlinkDisconnect.callTooLong(limit: 4)) { try framer.append([UInt8]("12345".utf8)) }
        var other = VarlinkFramer(limit: 4)
        #expect(throws: VarlinkDisconnect.callTooLong(limit: 4)) { try other.append([UInt8]("12345\0".utf8)) }
    }

    @Test("a message that is too long is noticed behind one that is not")
    func limitBehind() throws {
        var framer = VarlinkFramer(limit: 4)
        try framer.append([UInt8]("ok\0far too long".utf8))
        #expect(throws: VarlinkDisconnect.callTooLong(limit: 4)) { try framer.next() }
    }

    @Test("a megabyte, a byte at a time, takes time in proportion to its length")
    func linear() throws {
        func appends(of count: Int) throws -> Duration {
            try ContinuousClock().measure {
                var framer = VarlinkFramer(limit: .max)
                for _ in 0..<count { try framer.append(CollectionOfOne(UInt8(ascii: "x"))) }
            }
        }
        // A quadratic search would take some 256 times as long for 16 times the bytes.
        let small = try appends(of: 1 << 16)
        let large = try appends(of: 1 << 20)
        #expect(large < small * 128)
    }

    @Test("many messages waiting simultaneously are taken without moving the rest each time")
    func manyWaiting() throws {
        var framer = VarlinkFramer(limit: 4)
        try framer.append([UInt8](repeating: 0, count: 200_000))
        var taken = 0
        while try framer.next() != nil { taken += 1 }
        #expect(taken == 200_000)
        #expect(framer.count == 0)
    }
}

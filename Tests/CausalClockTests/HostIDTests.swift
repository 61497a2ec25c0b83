import CausalClock
import TestSupport
import Testing

/// Names that are short, long, prefixes of each other, and full of every allowed character.
private func names(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("abcXYZ019-_.,!#$%&()*+;<=>?[]^|~".utf8)
    return (0..<count).map { _ in
        let length = Int.random(in: 1...(Bool.random(using: &generator) ? 4 : 63), using: &generator)
        let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0x61 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite("host ids")
struct HostIDTests {
    @Test("ids compare like their bytes, and equal bytes hash alike")
    func order() throws {
        let names =
            names(150, seed: 1) + ["db", "db1", "db10", "db2", "d", String(repeating: "z", count: 63)]
        let ids = try names.map { try #require(HostID($0)) }
        for (left, a) in zip(names, ids) {
            let wrong = zip(names, ids).filter { right, b in
                (a < b) != left.utf8.lexicographicallyPrecedes(right.utf8) || (a == b) != (left == right)
                    || (a == b && a.hashValue != b.hashValue)
            }
            #expect(wrong.isEmpty, "\(left) against \(wrong.map(\.0))")
        }
    }

    @Test("an id gives its name back, from text and from bytes that were received")
    func roundTrip() throws {
        for name in names(300, seed: 2) {
            let id = try #require(HostID(name))
            #expect(id.description == name)
            #expect(id.count == name.utf8.count)
            #expect((0..<id.count).map { id.byte(at: $0) } == Array(name.utf8))
            let datagram: [UInt8] = [9, 9] + Array(name.utf8) + [9]
            #expect(HostID(datagram.span, at: 2, count: name.utf8.count) == id)
        }
    }

    @Test("an empty name, one of 64 bytes, and bytes with another meaning are no ids")
    func refused() {
        #expect(HostID("") == nil)
        #expect(HostID(String(repeating: "a", count: 63)) != nil)
        #expect(HostID(String(repeating: "a", count: 64)) == nil)
        #expect(HostID("\u{e9}") == nil)
        let forbidden = Set("\"'`/:@\\{}".utf8)
        for byte in UInt8.min...UInt8.max {
            let isAllowed = (0x21...0x7E).contains(byte) && !forbidden.contains(byte)
            #expect((HostID([0x61, byte].span, at: 0, count: 2) != nil) == isAllowed, "byte \(byte)")
        }
    }

    @Test(
        "no count of received bytes but 1 to 63 makes an id", arguments: [Int.min, -1, 0, 64, 255, Int.max])
    func counts(count: Int) {
        let bytes = [UInt8](repeating: 0x61, count: 300)
        #expect(HostID(bytes.span, at: 0, count: count) == nil)
    }
}

import TestSupport
import Testing

@testable import Sealing
@testable import Wire

@Suite("sealing")
struct KeyringTests {
    private let body = Array("heartbeat of db1".utf8)

    @Test("what one key seals, the same key opens, and nothing of it can be read on the way")
    func roundTrip() throws {
        let keyring = try keyring(1)
        var datagram = unsealed(body)
        keyring.seal(&datagram)
        #expect(datagram.count == Envelope.sealedHeaderLength + body.count + Envelope.tagLength)
        #expect(Array(datagram[..<2]) == [Envelope.version, Envelope.sealed])
        #expect(!datagram.windows(of: 4).contains { body.windows(of: 4).contains($0) })
        #expect(opened(datagram, with: keyring) == body)
    }

    @Test("the first key seals and every key opens")
    func severalKeys() throws {
        var datagram = unsealed(body)
        try keyring(2, 1).seal(&datagram)
        #expect(opened(datagram, with: try keyring(1, 2)) == body)
        #expect(opened(datagram, with: try keyring(1, 3)) == nil)
    }

    @Test("a datagram of which any bit was changed does not open")
    func everyBit() throws {
        let keyring = try keyring(1)
        var datagram = unsealed(body)
        keyring.seal(&datagram)
        for bit in 0..<datagram.count * 8 {
            var changed = datagram
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(opened(changed, with: keyring) == nil, "bit \(bit)")
        }
    }

    @Test("a datagram that was cut off, at any length, does not open")
    func everyLength() throws {
        let keyring = try keyring(1)
        var datagram = unsealed(body)
        keyring.seal(&datagram)
        for length in 0..<datagram.count {
            #expect(opened(Array(datagram[..<length]), with: keyring) == nil, "\(length) bytes")
        }
    }

    @Test("no nonce comes twice, for equal datagrams neither")
    func nonces() throws {
        let keyring = try keyring(1)
        var seen: Set<[UInt8]> = []
        for _ in 0..<20_000 {
            var datagram = unsealed(body)
            keyring.seal(&datagram)
            seen.insert(Array(datagram[Envelope.nonceOffset..<Envelope.sealedHeaderLength]))
        }
        #expect(seen.count == 20_000)
    }
}

extension [UInt8] {
    /// All runs of `count` bytes.
    fileprivate func windows(of count: Int) -> [[UInt8]] {
        indices.dropLast(count - 1).map { Array(self[$0..<$0 + count]) }
    }
}

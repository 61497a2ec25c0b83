import CausalClock
import FailureDetection
import Testing

@testable import Wire

/// What gets through decides how large the datagrams to a peer may be.
@Suite("large datagrams")
struct PayloadLimitTests {
    private static let least = 200

    /// A path that drops what is larger than `mtu`, and some of the rest; each datagram is acknowledged immediately.
    private struct Path {
        var limit = PayloadLimit()
        var now = Instant(nanoseconds: 1_000_000_000)
        var mtu: Int
        var loss = 0
        private var sequence: UInt64 = 0
        private var bitmap: UInt64 = 0
        private var highest: UInt64 = 0
        private var chance: UInt64 = 88_172_645_463_325_252

        init(mtu: Int, loss: Int = 0) { (self.mtu, self.loss) = (mtu, loss) }

        /// Sends as many bytes as are allowed and there are; says whether the limit has changed.
        @discardableResult
        mutating func send(smaller: Int = 0, content: Int = .max) -> Bool {
            now = now + .milliseconds(50)
            sequence += 1
            let size = min(limit.bytes(at: now, smaller: smaller, least: least), content)
            limit.sent(sequence, size: size, least: least)
            chance ^= chance << 13
            chance ^= chance >> 7
            chance ^= chance << 17
            guard size <= mtu, Int(chance % 100) >= loss else { return false }
            let gap = sequence - highest
            bitmap = gap > 64 ? 0 : (gap == 64 ? 0 : bitmap << gap) | (highest > 0 ? 1 << (gap - 1) : 0)
            highest = sequence
            return limit.learn(
                LinkAcknowledgement(highest: highest, bitmap: bitmap, delay: .zero), least: least, at: now)
        }

        /// A heartbeat, and if it was lost, pings that get smaller until one comes through.
        mutating func round() {
            var before = highest
            send()
            for smaller in 0..<4 where highest == before {
                before = highest
                send(smaller: smaller)
            }
        }
    }

    @Test(
        "where large ones are lost and small ones are not, the limit goes below what is lost, and up again later",
        arguments: [(1_172, 1_000), (548, 500), (300, 200)])
    func adapts(mtu: Int, limit: Int) {
        var path = Path(mtu: mtu)
        for _ in 0..<60 { path.round() }
        #expect(path.limit.bytes(at: path.now, least: Self.least) == limit)
        let lost = path.limit.lost ?? 0
        #expect(lost > mtu && lost <= 1_200)
        path.mtu = 1_500
        for _ in 0..<12_000 { path.round() }
        #expect(!path.limit.isLowered && path.limit.lost == nil)
    }

    @Test(
        "where the path is narrower than a step, the limit becomes the largest size that arrives, whatever arrives between the steps",
        arguments: [(872, 700), (972, 872), (772, 501), (1_100, 1_050), (450, 400)])
    func betweenSteps(mtu: Int, content: Int) {
        var path = Path(mtu: mtu)
        for _ in 0..<60 {
            path.round()
            path.send(content: content)
        }
        let limit = path.limit.bytes(at: path.now, least: Self.least)
        #expect((content...mtu).contains(limit), "\(limit)")
        #expect(path.limit.lost.map { $0 > mtu } == true)
        path.mtu = 1_500
        for _ in 0..<12_000 { path.round() }
        #expect(!path.limit.isLowered)
    }

    @Test("while the path stays as it is, a larger one is tried twice in five minutes, and ever more rarely")
    func probesAreRare() {
        var path = Path(mtu: 1_100)
        for _ in 0..<60 { path.round() }
        var tries = 0
        for _ in 0..<6_000 {
            if path.limit.bytes(at: path.now + .milliseconds(50), least: Self.least) > 1_100 { tries += 1 }
            path.send()
        }
        #expect((1...3).contains(tries) && path.limit.bytes(least: Self.least) == 1_000)
    }

    @Test(
        "an outage does not look like that, whichever sizes it takes and whatever arrives first",
        arguments: 0..<64)
    func outage(weather: Int) {
        var path = Path(mtu: 1_500)
        for _ in 0..<20 { path.round() }
        for turn in 0..<200 {
            // Heartbeats of small clusters and bare pings differ in size as large and small datagrams do.
            path.mtu = 0
            for datagram in 0..<(8 + turn % 56) {
                path.send(smaller: (weather >> (datagram % 6)) & 1 == 1 ? 3 : 2)
            }
            path.mtu = 1_500
            for _ in 0..<(1 + turn % 12) { path.send(smaller: 3) }
            for _ in 0..<4 { path.send(smaller: 2) }
            #expect(!path.limit.isLowered && path.limit.lost == nil)
        }
    }

    @Test("the size that is named was sent and lost", arguments: [1_172, 548, 300])
    func namesASize(mtu: Int) {
        var path = Path(mtu: mtu, loss: 20)
        for _ in 0..<400 { path.round() }
        let lost = path.limit.lost ?? 0
        #expect(path.limit.isLowered && lost > mtu && lost <= 1_200)
    }

    @Test("losses by chance do not look like that", arguments: [1, 5, 10, 30, 50])
    func chance(loss: Int) {
        var path = Path(mtu: 1_500, loss: loss)
        for _ in 0..<20_000 { path.round() }
        #expect(!path.limit.isLowered)
    }
}

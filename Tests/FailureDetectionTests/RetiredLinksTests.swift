import CausalClock
import Testing

@testable import FailureDetection

@Suite("links of removed peers")
struct RetiredLinksTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    private func monitor(replacing count: Int) -> Monitor {
        var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: [peer("p0")], seed: 1, at: start)
        var effects = Effects()
        for number in 1...count {
            // Three heartbeats go to the first, one to each other.
            for _ in 0..<(number == 1 ? 3 : 1) {
                monitor.handle(.pausing, at: start, into: &effects)
                effects.removeAll()
            }
            monitor.retune([peer("p\(number)")], at: start)
        }
        return monitor
    }

    @Test("are at most 1,024, also in the snapshot, however many peers a program removes")
    func bounded() {
        let monitor = monitor(replacing: 3_000)
        #expect(monitor.retiredLinks.items.count == 1_024)
        #expect(monitor.snapshot(at: start).retired.count == 1_024)
    }

    @Test("a peer that returns gets no number twice, though its link is forgotten, and over a restart too")
    func forgotten() throws {
        var monitor = monitor(replacing: 1_200)
        #expect(!monitor.retiredLinks.items.contains { $0.id == host("p0") })
        var resumed = Monitor(
            resuming: monitor.snapshot(at: start), peers: [peer("p1200")], seed: 2, at: start)
        monitor.retune([peer("p0")], at: start)
        resumed.retune([peer("p0")], at: start)
        #expect(monitor.peers[0].sender.next == 4 && resumed.peers[0].sender.next == 4)
        #expect(monitor.peers[0].sender.unacknowledgedCount == 0)
    }

    @Test("a peer that returns before continues with its own numbers, both ways")
    func remembered() {
        var monitor = monitor(replacing: 500)
        monitor.retune([peer("p0")], at: start)
        #expect(monitor.peers[0].sender.next == 4)
        monitor.retune([peer("p499")], at: start)
        #expect(monitor.peers[0].sender.next == 2)
        #expect(monitor.retiredLinks.items.count == 500)
    }
}

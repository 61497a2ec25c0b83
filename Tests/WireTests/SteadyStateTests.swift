import CausalClock
@testable import FailureDetection
import Testing

@testable import Wire

/// A daemon that runs for years must not grow, whatever arrives.
@Suite("steady state")
struct SteadyStateTests {
    @Test("an outbox that is emptied every turn keeps the capacity that it began with")
    func outbox() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        let space = (outbox.arena.capacity, outbox.datagrams.capacity, outbox.notices.capacity)
        let junk = [UInt8](repeating: 1, count: 100)
        for turn in 1...3_000 as ClosedRange<UInt64> {
            let now = start + .milliseconds(Int64(turn) * 10)
            outbox.removeAll()
            endpoint.turn(datagram(.ping(nonce: turn), sequence: turn, sent: now), at: now, into: &outbox)
            endpoint.turn(datagram(.heartbeat, from: "c", sequence: turn, sent: now), at: now, into: &outbox)
            endpoint.turn(junk, at: now, into: &outbox)
        }
        #expect(space == (outbox.arena.capacity, outbox.datagrams.capacity, outbox.notices.capacity))
        #expect(endpoint.accepted == 6_000 && endpoint.refused == 3_000)
        #expect(endpoint.monitor.clock.entries.count == 2)
    }

    @Test("an outbox says whether it is empty")
    func isEmpty() {
        var outbox = Outbox()
        #expect(outbox.isEmpty)
        var endpoint = endpoint("a", peers: [settings("b")])
        endpoint.turn([], at: start, into: &outbox)
        #expect(!outbox.isEmpty && outbox.remarks.count == 1 && outbox.datagrams.count == 1)
        outbox.removeAll()
        #expect(outbox.isEmpty && outbox.arena.isEmpty)
    }

    @Test("a stop that is planned is reported to every peer, three times")
    func leave() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        endpoint.leave(at: start, into: &outbox)
        #expect(outbox.datagrams.map(\.destination.port).sorted() == [1, 1, 1, 2, 2, 2])
        #expect(endpoint.sent == 6)
        for sent in outbox.datagrams {
            #expect(decoded(outbox.bytes(sent), for: sent.destination.port == 1 ? "b" : "c")?.body == .leave)
        }
    }
}

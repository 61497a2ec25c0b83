import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A clock that does not fit into one datagram is sent in parts.
@Suite("clocks longer than a datagram")
struct PartialClockTests {
    @Test(
        "no datagram is longer than 1,200 bytes, and every peer is sent every entry in turn", arguments: 2...7
    )
    func rotation(peers: Int) throws {
        let names = (0..<peers).map { "b\($0)" }
        let entries = manyEntries(200)
        // The hosts in the clock are peers too, or it would not take their entries in.
        let others = entries.map { settings($0.host.description) }
        var endpoint = endpoint("a", peers: names.map { settings($0) } + others)
        var outbox = Outbox()
        for part in 0..<5 {
            let news = datagram(
                .heartbeat, from: "b0", sequence: UInt64(part + 1),
                entries: Array(entries[part * 40..<part * 40 + 40]))
            endpoint.turn(news, at: start, into: &outbox)
        }
        var reported = [Set<HostID>](repeating: [], count: peers)
        // Two hundred hosts at this pace leave each message space for some forty entries.
        for round in 1...24 as ClosedRange<Int64> {
            outbox.removeAll()
            let now = start + .milliseconds(100) * round
            endpoint.wake(at: now, into: &outbox)
            for sent in outbox.datagrams where sent.destination.port <= peers {
                let place = Int(sent.destination.port) - 1
                #expect(sent.count <= Envelope.maximumLength)
                let message = try #require(decoded(outbox.bytes(sent), for: names[place]))
                reported[place].formUnion(message.clock.map(\.host))
            }
        }
        for place in 0..<peers { #expect(reported[place].isSuperset(of: entries.map(\.host))) }
    }

    @Test("a clock that fits is FULL to the last byte, one byte more makes it PARTIAL")
    func boundary() throws {
        let entries = manyEntries(60)
        let full = datagram(.heartbeat, entries: entries, limit: 5_000)
        let flags = 39
        #expect(full[flags] == MessageLayout.full)
        #expect(datagram(.heartbeat, entries: entries, limit: full.count) == full)
        let partial = datagram(.heartbeat, entries: entries, limit: full.count - 1)
        #expect(partial[flags] == MessageLayout.partial)
        let reported = try #require(decoded(partial)).clock
        #expect(reported.count == entries.count - 1 && reported.allSatisfy(entries.contains))
    }

    @Test("every limit from nothing to everything gives a datagram that can be read, or none")
    func everyLimit() {
        let entries = manyEntries(140)
        let shortest = datagram(.heartbeat, entries: []).count
        for limit in shortest + 2...2_400 {
            let bytes = datagram(.heartbeat, entries: entries, limit: limit)
            #expect(bytes.count <= limit)
            if limit <= Envelope.maximumLength { #expect(decoded(bytes) != nil) }
        }
    }
}

import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A second host with the id of a peer, where datagrams are authentic, is never believed; and it is seen.
@Suite("another host with the id of a peer")
struct RivalTests {
    /// An endpoint that hears `b`, in its first incarnation, and believes no peer without an answer to a ping.
    private func watching() -> Endpoint {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        endpoint.turn(datagram(.heartbeat), at: start, into: &outbox)
        endpoint.monitor.requiresFreshness = true
        endpoint.monitor.peers[0].incarnation.needsFreshnessProof = false
        return endpoint
    }

    /// Lets so many seconds pass, in which the peer sends ten heartbeats a second if it is alive, and the other as many.
    private func conflicts(
        _ endpoint: inout Endpoint, seconds: UInt64, isAlive: Bool, epochs: (UInt64) -> UInt64
    ) -> [Notice] {
        var outbox = Outbox()
        for step in 1...seconds * 10 {
            let now = start + .milliseconds(100) * Int64(step)
            if isAlive {
                endpoint.turn(
                    datagram(.heartbeat, counter: step + 1, sequence: step + 1, sent: now), at: now,
                    into: &outbox)
            }
            endpoint.turn(
                datagram(.heartbeat, epoch: epochs(step), counter: step, sequence: step, sent: now), from: 9,
                at: now, into: &outbox)
        }
        return outbox.notices.filter { $0.kind == .conflict }
    }

    @Test("is reported once, while the peer itself is heard")
    func both() {
        var endpoint = watching()
        let reported = conflicts(&endpoint, seconds: 30, isAlive: true) { _ in 77 }
        #expect(reported.map(\.conflict) == [.twoIncarnations] && reported.first?.peer == host("b"))
        #expect(reported.first.map { $0.at <= start + .seconds(4) } ?? false)
        #expect(
            endpoint.monitor.state(ofPeer: 0) == .trusted && endpoint.unprovedSource(ofPeer: 0) == loopback(9)
        )
    }

    @Test("a peer that has restarted elsewhere is none, for what it was before is not heard any more")
    func moved() {
        var endpoint = watching()
        #expect(conflicts(&endpoint, seconds: 30, isAlive: false) { _ in 77 }.isEmpty)
    }

    @Test("nor are a few datagrams of each of many incarnations")
    func many() {
        var endpoint = watching()
        #expect(conflicts(&endpoint, seconds: 30, isAlive: true) { 100 + $0 / 5 }.isEmpty)
    }
}

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
        _ endpoint: inout Endpoint, seconds: UInt64, after past: UInt64 = 0, isAlive: Bool,
        epochs: (UInt64) -> UInt64
    ) -> [Notice] {
        var outbox = Outbox()
        for step in past * 10 + 1...(past + seconds) * 10 {
            let now = start + .milliseconds(100) * Int64(step)
            if isAlive {
                endpoint.turn(
                    datagram(.heartbeat, counter: step + 1, sequence: step + 1, sent: now), at: now,
                    into: &outbox)
            }
            endpoint.turn(
                datagram(.heartbeat, epoch: epochs(step), counter: step, sequence: step, sent: now), from: 9,
                at: now, into: &outbox)
            for part in 1...4 as ClosedRange<Int64> {
                endpoint.beginTurn(at: now + .milliseconds(20) * part, into: &outbox)
                endpoint.wake(at: now + .milliseconds(20) * part, into: &outbox)
            }
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
        #expect(endpoint.monitor.state(ofPeer: 0) == .suspected && endpoint.monitor.opinions.isEmpty)
    }

    @Test("that was reported does not hide the end of the peer, nor take the vote against it")
    func dead() {
        var endpoint = watching()
        #expect(conflicts(&endpoint, seconds: 6, isAlive: true) { _ in 77 }.count == 1)
        _ = conflicts(&endpoint, seconds: 6, after: 6, isAlive: false) { _ in 77 }
        #expect(endpoint.monitor.state(ofPeer: 0) == .suspected)
        #expect(endpoint.monitor.opinions.map(\.subject) == [host("b")])
        #expect(endpoint.monitor.evidence(of: 0).unproved.count == 0)
    }

    @Test("what was read late, because no process did before, does not show that the peer runs now")
    func old() {
        for (arrived, isSpeaking) in [(TimeSpan.seconds(1), false), (.seconds(10), true)] {
            var endpoint = watching()
            var outbox = Outbox()
            let now = start + .seconds(10)
            let bytes = datagram(.heartbeat, epoch: 77, counter: 2, sequence: 2, sent: start)
            endpoint.beginTurn(at: now, into: &outbox)
            endpoint.receive(
                bytes.span, from: loopback(1), arrived: start + arrived, at: now, into: &outbox)
            #expect(endpoint.monitor.peers[0].isSpeaking(at: now) == isSpeaking)
        }
    }

    @Test("nor are a few datagrams of each of many incarnations")
    func many() {
        var endpoint = watching()
        #expect(conflicts(&endpoint, seconds: 30, isAlive: true) { 100 + $0 / 5 }.isEmpty)
    }
}

import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("reports that a port is closed")
struct PortUnreachableTests {
    /// An endpoint whose peer `b` has acknowledged what was sent to its address, or not; and what was sent last.
    private func endpointWithPeer(hasAcknowledged: Bool) -> (endpoint: Endpoint, sent: [UInt8]) {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        let ack = LinkAcknowledgement(highest: 1, bitmap: 0, delay: .zero)
        endpoint.turn(datagram(.heartbeat), at: start, into: &outbox)
        endpoint.turn(
            datagram(
                .heartbeat, counter: 2, sequence: 2, acknowledging: hasAcknowledged ? (Epoch(5), ack) : nil),
            at: start, into: &outbox)
        return (endpoint, outbox.datagrams.last.map(outbox.bytes) ?? [])
    }

    /// The state of `b` after a report 1 ms later.
    private func state(
        hasAcknowledged: Bool = true, offender: NetworkAddress? = loopback(0),
        wait: TimeSpan = .milliseconds(1),
        quote: ([UInt8]) -> [UInt8] = { $0 }
    ) -> PeerState {
        var (endpoint, sent) = endpointWithPeer(hasAcknowledged: hasAcknowledged)
        var outbox = Outbox()
        #expect(endpoint.monitor.state(ofPeer: 0) == .trusted)
        endpoint.portUnreachable(
            loopback(1), reportedBy: offender, quoting: quote(sent).span, at: start + wait, into: &outbox)
        return endpoint.monitor.state(ofPeer: 0)
    }

    @Test("one counts if the peer's own address sent it, quoting what was sent there a moment ago")
    func verified() {
        #expect(state() == .pending)
        #expect(state { Array($0.prefix(16)) } == .pending)
    }

    @Test("one does not count that any host could have sent, or that proves nothing of the process")
    func unverified() {
        let stranger = NetworkAddress(high: 0, low: 0x0A00_0001, port: 0, scope: 0, isIPv4: true)
        #expect(state(offender: stranger) == .trusted, "another host says so")
        #expect(state(offender: nil) == .trusted, "it is not known which host says so")
        #expect(state { _ in [] } == .trusted, "it quotes nothing")
        #expect(state { Array($0.prefix(15)) } == .trusted, "it quotes too little")
        #expect(state { [$0[0] ^ 1] + $0.dropFirst() } == .trusted, "it quotes what was never sent")
        #expect(state(wait: .milliseconds(2_001)) == .trusted, "it quotes what was sent long ago")
        #expect(state(hasAcknowledged: false) == .trusted, "nothing was ever acknowledged at that address")
    }

    @Test("a report about an address that no peer has concerns no peer")
    func stranger() {
        var (endpoint, sent) = endpointWithPeer(hasAcknowledged: true)
        var outbox = Outbox()
        endpoint.portUnreachable(
            loopback(99), reportedBy: loopback(99), quoting: sent.span, at: start, into: &outbox)
        #expect(endpoint.monitor.state(ofPeer: 0) == .trusted)
    }

    @Test(
        "a peer that is heard is never suspected because a firewall rejects what is sent to it: one finding says so",
        arguments: [2, 3, 5])
    func rejectOneWay(count: Int) {
        var network = ClusterNetwork(count)
        network.run(.seconds(3))
        network.reject(from: "a", to: "b")
        network.run(.seconds(20))
        #expect(network.reported(.suspect, about: "b").isEmpty)
        #expect(network.reported(.suspect).allSatisfy { $0.by == "b" }, "b does not hear a")
        #expect(network.reported(.confirm).isEmpty)
        #expect(network.reported(.asymmetric, by: "a", about: "b").count == 1)
        #expect(network.report("a", on: "b")?.verdict?.cause == .outbound)
    }

    @Test(
        "a host whose firewall rejects everything, and that is heard, is suspected by no other",
        arguments: [3, 5])
    func rejectAll(count: Int) {
        var network = ClusterNetwork(count)
        network.run(.seconds(3))
        let others = (0..<count).map { String(UnicodeScalar(UInt8(97 + $0))) }.filter { $0 != "b" }
        for other in others { network.reject(from: other, to: "b") }
        network.run(.seconds(10))
        #expect(network.reported(.suspect).allSatisfy { $0.by == "b" }, "b itself hears no other host")
        for other in others { #expect(network.report(other, on: "b")?.state == .trusted) }
    }

    @Test(
        "a peer that a firewall cuts off both ways and that others hear is a broken link, from the first",
        arguments: [3, 5])
    func rejectBothWays(count: Int) {
        var network = ClusterNetwork(count)
        network.run(.seconds(3))
        network.reject(from: "a", to: "b")
        network.reject(from: "b", to: "a")
        network.run(.seconds(10))
        let reported = network.reported(.suspect, by: "a", about: "b")
        #expect(!reported.isEmpty && reported.allSatisfy { $0.cause == .link || $0.cause == .inbound })
        #expect(network.reported(.confirm).isEmpty)
    }

    @Test("a process that has ended is suspected no later than its next heartbeat is overdue")
    func closedPort() throws {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.kill("b")
        network.refusesFrom("b")
        network.run(.milliseconds(135))
        let reported = network.reported(.suspect, by: "a", about: "b")
        #expect(reported.map(\.cause) == [.crash])
    }

    @Test("after a report was refuted, a crash is found by silence")
    func refuted() {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.reject(from: "a", to: "b")
        network.run(.seconds(1))
        network.heal()
        network.run(.seconds(2))
        network.kill("b")
        network.refusesFrom("b")
        network.run(.milliseconds(500))
        #expect(network.reported(.suspect, by: "a", about: "b").map(\.cause) == [.crash])
    }
}

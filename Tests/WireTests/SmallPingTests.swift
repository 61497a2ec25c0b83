import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// The retries do not share the size of what was lost.
@Suite("smaller pings")
struct SmallPingTests {
    @Test("the pings of a round get smaller from one to the next, down to a minimum")
    func round() throws {
        let ids = (0..<60).compactMap { HostID("a-host-with-a-long-name-\($0).example.com") }
        let own = try #require(HostID("observer"))
        let now = Instant(nanoseconds: 1_000_000_000)
        let settings = ids.map {
            PeerSettings(
                id: $0, mode: .heartbeatAndPing, interval: .milliseconds(200),
                detector: .median(margin: .milliseconds(20)), retries: 5, minimumTimeout: .milliseconds(25),
                maximumTimeout: .seconds(1), startupGrace: .seconds(2))
        }
        let endpoint = Endpoint(Monitor(id: own, epoch: Epoch(7), peers: settings, seed: 1, at: now))
        let sizes = (1...6).map { attempt in
            var outgoing = OutboundMessage(
                to: 0, body: .ping(nonce: 1), counter: 1, sequence: 1, interval: .milliseconds(200), sent: now
            )
            outgoing.attempt = attempt
            return endpoint.payloadLimit(for: outgoing, at: now)
        }
        let least = endpoint.least(to: 0)
        #expect(sizes == [1_200, 1_000, 500, least, least, least])
        #expect(least <= 300)
    }

    @Test(
        "on a path that drops large datagrams nobody is suspected, and after a while all get through",
        arguments: [1_100, 548])
    func path(longest: Int) throws {
        let suffix = String(repeating: "x", count: 58)
        var network = ClusterNetwork(20, suffix: suffix)
        network.run(.seconds(3))
        #expect(network.longestSent > 1_100)
        network.longestDatagram = longest
        network.run(.seconds(12))
        #expect(network.told(.suspect).isEmpty, "\(network.told(.suspect).count)")
        network.forgetLongest()
        network.run(.seconds(3))
        #expect(network.longestSent <= longest)
        let finding = try #require(network["a" + suffix].payloadFinding(ofPeer: 0))
        #expect(finding.limit <= longest && finding.lost > longest)
    }
}

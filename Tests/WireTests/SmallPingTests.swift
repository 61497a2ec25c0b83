import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// The retries do not share the size of what was lost.
@Suite("smaller pings")
struct SmallPingTests {
    /// What the pings of a round without answers may have, to one of many peers with long names.
    private func sizes(retries: Int, mode: MonitoringMode = .heartbeatAndPing) throws -> (
        sizes: [Int], least: Int
    ) {
        let ids = (0..<60).compactMap { HostID("a-host-with-a-long-name-\($0).example.com") }
        let own = try #require(HostID("observer"))
        let begin = Instant(nanoseconds: 1_000_000_000)
        let settings = ids.map {
            PeerSettings(
                id: $0, mode: mode, interval: .milliseconds(200),
                detector: .median(margin: .milliseconds(20)), retries: retries,
                minimumTimeout: .milliseconds(25), maximumTimeout: .seconds(1),
                startupGrace: .milliseconds(500))
        }
        var monitor = Monitor(id: own, epoch: Epoch(7), peers: settings, seed: 1, at: begin)
        let endpoint = Endpoint(monitor)
        for index in ids.indices { monitor.noteAddress(ofPeer: index, isKnown: true) }
        var (sizes, effects) = ([Int](), Effects())
        for step in 0..<400 where sizes.count <= retries {
            let now = begin + .milliseconds(10) * Int64(step)
            monitor.handle(.wake, at: now, into: &effects)
            for case .send(let outgoing) in effects.items where outgoing.to == 0 {
                guard case .ping = outgoing.body else { continue }
                sizes.append(endpoint.payloadLimit(for: outgoing, at: now))
            }
            effects.removeAll()
        }
        return (sizes, endpoint.least(to: 0))
    }

    @Test("the pings of a round get smaller from one to the next, down to a minimum")
    func round() throws {
        let (sizes, least) = try sizes(retries: 5)
        #expect(sizes == [1_200, 1_000, 500, least, least, least])
        #expect(least <= 300)
    }

    @Test("however few pings a round has, the last one has only what is needed", arguments: [0, 1, 2, 3])
    func fewRetries(retries: Int) throws {
        let (sizes, least) = try sizes(retries: retries)
        #expect(sizes.count == retries + 1 && sizes.last == least)
        #expect(sizes.dropLast() == [1_200, 1_000, 500].prefix(retries))
    }

    @Test("where there is one regular ping and nothing else, it is as large as a heartbeat")
    func regular() throws {
        #expect(try sizes(retries: 0, mode: .ping).sizes == [1_200])
    }

    @Test(
        "on a path that drops large datagrams no peer is suspected, and after a while all get through",
        arguments: [1_100, 548])
    func path(longest: Int) throws {
        let suffix = String(repeating: "x", count: 58)
        var network = ClusterNetwork(20, suffix: suffix)
        network.run(.seconds(3))
        #expect(network.longestSent > 1_100)
        network.longestDatagram = longest
        network.run(.seconds(12))
        #expect(network.reported(.suspect).isEmpty, "\(network.reported(.suspect).count)")
        network.forgetLongest()
        network.run(.seconds(3))
        #expect(network.longestSent <= longest)
        let finding = try #require(network["a" + suffix].payloadFinding(ofPeer: 0))
        #expect(finding.limit <= longest && finding.lost > longest)
    }
}

import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("two endpoints talking")
struct TwoEndpointsTests {
    @Test(
        "over a bad link both trust each other, and measure losses and round trip rightly",
        arguments: [1, 2, 3, 4])
    func measured(seed: UInt64) throws {
        var network = Network(
            toFirst: .init(loss: 150), toSecond: .init(loss: 50), mode: .heartbeatAndPing, seed: seed)
        network.run(.seconds(120))
        let (a, b) = (
            network.endpoints[0].monitor.report(ofPeer: 0), network.endpoints[1].monitor.report(ofPeer: 0)
        )
        #expect(a.state != .suspected && b.state != .suspected)
        #expect(a.suspicions + b.suspicions == 0)
        #expect(!network.notices.contains(.suspect) && !network.notices.contains(.asymmetric))
        #expect(abs(a.lossIn - 150) <= 60 && abs(b.lossOut - 150) <= 60, "\(a.lossIn) \(b.lossOut)")
        #expect(abs(a.lossOut - 50) <= 40 && abs(b.lossIn - 50) <= 40, "\(a.lossOut) \(b.lossIn)")
        for report in [a, b] {
            let roundTrip = try #require(report.roundTrip)
            #expect(roundTrip >= .milliseconds(10) && roundTrip <= .milliseconds(16))
            #expect(report.jitter < .milliseconds(5))
        }
        #expect(network.endpoints[0].count(of: .duplicate) > 0, "the network did double")
        #expect(
            network.endpoints.allSatisfy { $0.count(of: .malformed) == 0 && $0.count(of: .unsolicited) == 0 })
    }

    @Test(
        "a perfect link shows no loss, and no one is ever pending",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping])
    func perfect(mode: MonitoringMode) {
        let link = Network.Link(loss: 0, doubling: 0)
        var network = Network(toFirst: link, toSecond: link, mode: mode, seed: 1)
        network.run(.seconds(30))
        #expect(network.notices == [.trust, .trust])
        for endpoint in network.endpoints {
            let report = endpoint.monitor.report(ofPeer: 0)
            #expect(report.lossIn == 0 && report.lossOut == 0)
            #expect(endpoint.refused == 0)
        }
    }

    @Test("a link that breaks in one direction: one side finds it silent, the other finds itself unheard")
    func oneWay() {
        let (good, dead) = (Network.Link(loss: 0), Network.Link(loss: 1_000))
        var network = Network(toFirst: good, toSecond: dead, mode: .heartbeatAndPing, seed: 1)
        network.run(.seconds(20))
        // b never hears a; a hears b, and learns from its acknowledgements that b hears nothing.
        #expect(network.endpoints[1].monitor.state(ofPeer: 0) == .suspected)
        #expect(network.endpoints[0].monitor.state(ofPeer: 0) == .trusted)
        #expect(network.endpoints[0].monitor.report(ofPeer: 0).verdict == Verdict(.outbound, .suspected))
        #expect(
            network.notices.count { $0 == .asymmetric } == 1 && network.notices.count { $0 == .suspect } == 1)
    }
}

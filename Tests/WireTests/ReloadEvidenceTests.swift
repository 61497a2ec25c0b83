import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// What is proved of a silence stays proved, whatever is done to the configuration or the process meanwhile.
@Suite("evidence over reloads and restarts")
struct ReloadEvidenceTests {
    private let silent = host("a10001")

    /// Hosts of which the first no longer hears the second, which hears it: inbound, and proved.
    private func deaf() -> (cluster: Cluster, peers: [(settings: PeerSettings, place: Int)]) {
        var (cluster, peers) = Cluster.mesh(4, seed: 2) { settings($0) }
        cluster.tracksTruth = false
        cluster.run(.milliseconds(1_050))
        cluster.cut(1, 0, oneWay: true)
        cluster.run(.seconds(2))
        return (cluster, peers)
    }

    private func state(_ cluster: Cluster) -> (verdict: Verdict?, proof: Instant?, reported: Int) {
        let monitor = cluster.nodes[0].endpoint.monitor
        let reported = cluster.nodes[0].notices.count { $0.kind == .suspect && $0.peer == silent }
        guard let index = monitor.index(of: silent) else { return (nil, nil, reported) }
        return (monitor.report(ofPeer: index).verdict, monitor.evidence(of: index).provedHearing, reported)
    }

    @Test("a reload takes back no proof and emits no second suspicion, at whatever instant it comes")
    func reload() throws {
        var (cluster, peers) = deaf()
        let before = state(cluster)
        try #require(before.verdict == Verdict(.inbound, .proved))
        for step in 0..<30 as Range<Int64> {
            let kept = step % 3 == 0 ? peers.filter { $0.place != 3 } : peers
            cluster.retune(0, peers: kept)
            #expect(try #require(state(cluster).proof) >= #require(before.proof))
            cluster.run(.milliseconds(37 + step))
            #expect(state(cluster).verdict == before.verdict)
        }
        #expect(state(cluster).reported == before.reported)
    }

    @Test("nor does a restart that keeps the memory")
    func restart() throws {
        var (cluster, peers) = deaf()
        let before = state(cluster)
        try #require(before.verdict == Verdict(.inbound, .proved))
        for _ in 0..<5 {
            let monitor = cluster.nodes[0].endpoint.monitor
            let others = peers.filter { $0.place != 0 }
            cluster.nodes[0].endpoint = Endpoint(
                Monitor(
                    resuming: monitor.snapshot(at: cluster.now), peers: others.map(\.settings), seed: 5,
                    at: cluster.now))
            cluster.retune(0, peers: peers)
            #expect(state(cluster).proof != nil)
            cluster.run(.milliseconds(450))
            #expect(state(cluster).verdict == before.verdict)
        }
        #expect(state(cluster).reported == before.reported)
    }

    @Test("the questions of others are still answered after a reload that moves their positions")
    func probeRequests() throws {
        var (cluster, peers) = deaf()
        cluster.add("a09999", epoch: 5, peers: [])
        let moved = peers + [(settings("a09999"), 4)]
        for place in [2, 3] { cluster.retune(place, peers: moved) }
        cluster.run(.seconds(2))
        #expect(state(cluster).verdict == Verdict(.inbound, .proved))
    }
}

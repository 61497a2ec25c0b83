import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// What a host learns through others of one that it does not hear.
@Suite("why a host is silent, by what others say")
struct LinkVerdictTests {
    private let silent = host("a10001")

    private func cluster(_ count: Int, seed: UInt64, loss: Int = 0) -> Cluster {
        var (cluster, _) = Cluster.mesh(count, seed: seed) { settings($0) }
        cluster.tracksTruth = false
        cluster.loss = loss
        cluster.jitter = .milliseconds(3)
        cluster.run(.milliseconds(1_050) + .milliseconds(.random(in: 0..<100, using: &cluster.generator)))
        return cluster
    }

    private func verdict(_ cluster: Cluster, at place: Int = 0) -> Verdict? {
        let monitor = cluster.nodes[place].endpoint.monitor
        return monitor.index(of: silent).flatMap { monitor.report(ofPeer: $0).verdict }
    }

    private func evidence(_ cluster: Cluster) -> Evidence? {
        let monitor = cluster.nodes[0].endpoint.monitor
        return monitor.index(of: silent).map { monitor.evidence(of: $0) }
    }

    @Test("a link that is cut both ways: link, and proved soon", arguments: [3, 5, 10])
    func link(count: Int) throws {
        var cluster = cluster(count, seed: 1)
        cluster.cut(0, 1)
        let cut = cluster.now
        cluster.run(.seconds(2))
        #expect(verdict(cluster) == Verdict(.link, .proved))
        let proof = try #require(evidence(cluster)?.provedAlive)
        #expect(proof > cut + .seconds(1))
        #expect(verdict(cluster, at: 2) == nil)
    }

    @Test(
        "the first cause reported of a broken link is the link: others are asked before",
        arguments: [3, 5, 10])
    func first(count: Int) {
        for seed in 1...8 as ClosedRange<UInt64> {
            var cluster = cluster(count, seed: seed)
            cluster.cut(0, 1)
            cluster.run(.seconds(1))
            let first = cluster.nodes[0].notices.first { $0.kind == .suspect && $0.peer == silent }
            #expect(first?.verdict?.cause == .link, "seed \(seed): \(String(describing: first?.verdict))")
        }
    }

    @Test("a link that is cut towards us only: it hears us, and we do not hear it", arguments: [3, 5])
    func inbound(count: Int) throws {
        var cluster = cluster(count, seed: 2)
        cluster.cut(1, 0, oneWay: true)
        cluster.run(.seconds(2))
        #expect(verdict(cluster) == Verdict(.inbound, .proved))
        #expect(evidence(cluster)?.reason == SilenceReason(kind: .replyLost, certainty: .proved))
        // The other end hears us, and learns from our acknowledgements that we do not hear it.
        cluster.cut(0, 1)
        cluster.run(.seconds(3))
        #expect(verdict(cluster) == Verdict(.link, .proved), "cut the other way too, it hears us no more")
    }

    @Test("a crash is a crash, with many witnesses and with few", arguments: [3, 4, 10])
    func crash(count: Int) {
        var cluster = cluster(count, seed: 3)
        cluster.crash(1)
        cluster.run(.seconds(2))
        for place in 0..<count where place != 1 {
            #expect(verdict(cluster, at: place) == Verdict(.crash, .suspected))
            #expect(cluster.nodes[place].notices.allSatisfy { $0.verdict?.cause != .link })
        }
    }

    @Test("a broken link, and then a crash: the verdict follows")
    func crashBehindBrokenLink() {
        var cluster = cluster(5, seed: 4)
        cluster.cut(0, 1)
        cluster.run(.seconds(2))
        cluster.crash(1)
        cluster.run(.seconds(1))
        #expect(verdict(cluster) == Verdict(.crash, .suspected))
    }

    @Test("when the link works again nothing is left of it, and no questions go round", arguments: [3, 5])
    func healed(count: Int) {
        var cluster = cluster(count, seed: 5)
        cluster.cut(0, 1)
        cluster.run(.seconds(2))
        cluster.cuts.removeAll()
        cluster.run(.seconds(1))
        #expect(verdict(cluster) == nil)
        #expect(cluster.nodes.allSatisfy { $0.endpoint.monitor.questions.items.isEmpty })
    }

    @Test(
        "after the silence the peer's own account distinguishes request lost from reply lost",
        arguments: [true, false])
    func reasons(repliesLost: Bool) {
        var cluster = cluster(3, seed: 6)
        cluster.cut(repliesLost ? 1 : 0, repliesLost ? 0 : 1, oneWay: true)
        if !repliesLost { cluster.cut(1, 0, oneWay: true) }
        cluster.run(.milliseconds(1_500))
        cluster.cuts.removeAll()
        cluster.run(.seconds(1))
        // The first that is heard of it may have been sent before it got anything of ours again: that may prove nothing.
        let reported = cluster.nodes[0].notices.last { $0.kind == .trust && $0.duration != nil }
        #expect(
            [repliesLost ? .replyLost : .requestLost, nil].contains(reported?.evidence?.reason?.kind),
            "\(String(describing: reported))")
        // Its later acknowledgements do.
        cluster.run(.seconds(1))
        let reason = cluster.nodes[0].endpoint.monitor.evidence(of: 0).reason
        #expect(reason == SilenceReason(kind: repliesLost ? .replyLost : .requestLost, certainty: .proved))
    }

    @Test("after a crash and a restart the reason was the crash, and that is proved")
    func restarted() {
        var (cluster, peers) = Cluster.mesh(3, seed: 7) { settings($0) }
        cluster.tracksTruth = false
        cluster.run(.milliseconds(1_100))
        cluster.crash(1)
        cluster.run(.milliseconds(1_500))
        cluster.restart(1, epoch: 6, peers: peers)
        cluster.run(.seconds(1))
        let reported = cluster.nodes[0].notices.last { $0.kind == .trust && $0.duration != nil }
        #expect(reported?.evidence?.reason == SilenceReason(kind: .crashed, certainty: .proved))
    }

    @Test(
        "P11, P12: in all patterns of losses on the way, with and without a crash, every proof is true",
        arguments: [false, true])
    func proofs(crashes: Bool) {
        for pattern in 0..<256 as Range<UInt64> {
            var cluster = cluster(3, seed: pattern + 1)
            cluster.patterns[[0, 1]] = (pattern & 0xF) << 2 | 0x40
            cluster.patterns[[1, 0]] = (pattern >> 4) << 6 | 0x3F | 0x400
            cluster.run(.milliseconds(600))
            if crashes { cluster.crash(1) }
            cluster.run(.milliseconds(900))
            check(cluster, "pattern \(pattern)")
        }
    }

    @Test(
        "P11, P12: under heavy loss, cuts and a crash every proof is true",
        arguments: 1...6 as ClosedRange<UInt64>)
    func randomProofs(seed: UInt64) {
        var cluster = cluster(4, seed: seed, loss: 300)
        for _ in 0..<6 {
            let (from, to) = (
                Int.random(in: 0..<4, using: &cluster.generator),
                Int.random(in: 0..<4, using: &cluster.generator)
            )
            cluster.cut(from, to, oneWay: Bool.random(using: &cluster.generator))
            cluster.run(.milliseconds(700))
            check(cluster, "seed \(seed)")
            cluster.cuts.removeAll()
        }
        cluster.cut(0, 1)
        cluster.run(.milliseconds(700))
        cluster.crash(1)
        cluster.run(.seconds(2))
        check(cluster, "seed \(seed)")
    }

    /// No proof refers to a time after the crash, or to a message that did not arrive.
    private func check(_ cluster: Cluster, _ run: String) {
        for (place, node) in cluster.nodes.enumerated() {
            for notice in node.notices {
                guard let evidence = notice.evidence, let peer = notice.peer else { continue }
                let about = cluster.nodes.firstIndex { $0.endpoint.monitor.id == peer } ?? place
                let crash = cluster.nodes[about].crashed ?? .never
                if let proof = evidence.provedAlive {
                    #expect(proof <= crash, "\(run): \(peer) is said to live after its crash")
                }
                if let proof = evidence.provedHearing {
                    let heard = cluster.delivered[[place, about]] ?? start
                    #expect(proof <= heard, "\(run): \(peer) is said to hear what it did not")
                }
            }
        }
    }

    @Test("how long after a cut the verdict is link", arguments: [(3, 0), (3, 300), (10, 0), (10, 300)])
    func delay(count: Int, loss: Int) {
        let delays = (1...10 as ClosedRange<UInt64>).map { seed -> TimeSpan in
            var cluster = cluster(count, seed: seed, loss: loss)
            cluster.cut(0, 1)
            let cut = cluster.now
            while cluster.now - cut < .seconds(5) {
                cluster.run(.milliseconds(10))
                if let cause = verdict(cluster)?.cause, cause == .link || cause == .inbound { break }
            }
            return cluster.now - cut
        }.sorted()
        print(
            "link verdict, \(count) hosts, \(loss) ‰ loss: p50 \(delays[4].microseconds / 1_000) ms, "
                + "longest of 10 \(delays[9].microseconds / 1_000) ms at 100 ms heartbeats")
        #expect(delays[4] < .milliseconds(loss == 0 ? 500 : 800))
        #expect(delays[9] < .milliseconds(loss == 0 ? 700 : 2_500))
    }

    @Test("how long after a crash any host calls it a broken link", arguments: [(3, 0), (3, 300), (6, 300)])
    func rumours(count: Int, loss: Int) {
        let drains = (1...10 as ClosedRange<UInt64>).map { seed -> TimeSpan in
            var cluster = cluster(count, seed: seed, loss: loss)
            cluster.crash(1)
            let crash = cluster.now
            var last = TimeSpan.zero
            while cluster.now - crash < .seconds(2) {
                cluster.run(.milliseconds(20))
                let isLink = cluster.nodes.indices.contains {
                    $0 != 1 && [.link, .inbound].contains(verdict(cluster, at: $0)?.cause)
                }
                if isLink { last = cluster.now - crash }
            }
            return last
        }.sorted()
        print(
            "link after a crash, \(count) hosts, \(loss) ‰ loss: \(drains.count { $0 > .zero }) of 10, longest until "
                + "\(drains[9].microseconds / 1_000) ms after it at 100 ms heartbeats")
        #expect(drains[9] < .milliseconds(loss == 0 ? 400 : 2_000))
    }
}

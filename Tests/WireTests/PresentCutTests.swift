import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// Which host suspects which in a state that all hosts may be in together, as one of them knows it.
@Suite("the present cut")
struct PresentCutTests {
    private let dead = host("a10001")

    private func cluster(_ count: Int, loss: Int = 0) -> Cluster {
        var (cluster, _) = Cluster.mesh(count, seed: 1) { settings($0) }
        cluster.loss = loss
        cluster.jitter = .milliseconds(3)
        cluster.run(.seconds(1))
        return cluster
    }

    @Test("before any peer is suspected no peer is, and each has said so")
    func well() {
        let cut = cluster(4).nodes[2].endpoint.monitor.presentCut
        #expect(cut.map(\.reach.host) == [host("a10002"), host("a10000"), dead, host("a10003")])
        #expect(cut.allSatisfy { $0.reported != nil && $0.suspects.isEmpty })
        #expect(cut.first?.isCurrent == true)
    }

    @Test("after a crash it shows that all others suspect it, each as of a message that lies in the cut")
    func crash() throws {
        var cluster = cluster(4)
        cluster.crash(1)
        cluster.run(.seconds(2))
        let monitor = cluster.nodes[0].endpoint.monitor
        #expect(monitor.clock.isExact)
        for front in monitor.presentCut where front.reach.host != dead {
            #expect(front.suspects == [.init(peer: dead, verdict: Verdict(.crash, .suspected))])
            #expect(try !front.reach.precedes(#require(front.reported)))
        }
        let last = try #require(monitor.presentCut.first { $0.reach.host == dead })
        #expect(last.suspects.isEmpty && last.reach == monitor.clock.latest(of: dead))
    }

    @Test(
        "a new incarnation has said nothing until it is heard, and what the one before said is not put into its mouth"
    )
    func restart() throws {
        var (cluster, peers) = Cluster.mesh(3, seed: 2) { settings($0) }
        cluster.run(.seconds(1))
        cluster.cut(0, 1)
        cluster.run(.seconds(1))
        func front() throws -> CutFront {
            try #require(cluster.nodes[0].endpoint.monitor.presentCut.first { $0.reach.host == dead })
        }
        let before = try front()
        #expect(
            try before.reach != #require(before.reported) && !before.isCurrent,
            "through c it is known further")
        cluster.restart(1, epoch: 6, peers: peers)
        cluster.run(.seconds(1))
        let after = try front()
        #expect(after.reach.epoch == Epoch(6) && after.reported == nil && after.suspects.isEmpty)
    }

    @Test(
        "under loss and cuts every host in it had said what it is shown to have said, at an event in the cut")
    func sound() {
        var cluster = cluster(5, loss: 250)
        var said: [HostID: [[HostID]]] = [:]
        for step in 0..<400 {
            if step % 60 == 20 { cluster.cut(step / 60 % 5, (step / 60 + 2) % 5) }
            if step % 60 == 50 { cluster.cuts.removeAll() }
            cluster.run(.milliseconds(10))
            for node in cluster.nodes {
                let monitor = node.endpoint.monitor
                let suspects = monitor.opinions.map(\.subject)
                if said[monitor.id]?.last != suspects { said[monitor.id, default: []].append(suspects) }
            }
            for node in cluster.nodes {
                for front in node.endpoint.monitor.presentCut {
                    guard let reported = front.reported else { continue }
                    #expect(!front.reach.precedes(reported))
                    let suspects = front.suspects.map(\.peer)
                    #expect(said[front.reach.host]?.contains(suspects) == true, "\(front)")
                }
            }
        }
        #expect(said.values.contains { $0.count > 2 }, "somebody was suspected and trusted again")
        #expect(cluster.violations.isEmpty)
    }
}

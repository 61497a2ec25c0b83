import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// FULL, DELTA and PARTIAL clocks, and the knowledge of what is known in full, against the truth.
@Suite("exactness")
struct ExactnessTests {
    @Test(
        "P4: whatever is lost, doubled, reordered, cut and restarted, a clock is never more than the truth, and one that calls itself exact is the truth",
        arguments: 1...6 as ClosedRange<UInt64>)
    func small(seed: UInt64) {
        var (cluster, peers) = Cluster.mesh(5, seed: seed) { settings($0) }
        (cluster.loss, cluster.doubling) = (250, 100)
        (cluster.delay, cluster.jitter) = (.milliseconds(2), .milliseconds(180))
        for incarnation in 6...13 as ClosedRange<UInt64> {
            cluster.run(.milliseconds(900))
            let place = Int.random(in: 0..<5, using: &cluster.generator)
            switch incarnation % 3 {
            case 0: cluster.restart(place, epoch: incarnation, peers: peers)
            case 1: cluster.cut(place, (place + 1) % 5)
            default: cluster.cuts.removeAll()
            }
        }
        #expect(cluster.violations.isEmpty, "\(cluster.violations.prefix(3))")
        #expect(cluster.exact > 1_000)
    }

    @Test("P4: DELTA clocks, where FULL ones do not fit, leave receivers with the same state")
    func deltas() {
        // Sixty hosts with long names, of which few talk often: most entries stay as they are between two messages.
        let name = "host-with-a-long-name-"
        var (cluster, peers) = Cluster.mesh(60, seed: 1, prefix: name) { name in
            var setting = settings(name)
            setting.interval = .seconds(8)
            return setting
        }
        for place in 0..<3 {
            let quick = peers.map { peer in
                var peer = peer
                peer.settings.interval = .milliseconds(peer.place < 3 ? 100 : 8_000)
                return peer
            }
            cluster.restart(place, epoch: 6, peers: quick)
        }
        cluster.loss = 100
        cluster.run(.milliseconds(1_800))
        #expect(cluster.violations.isEmpty, "\(cluster.violations.prefix(3))")
        let forms = cluster.forms
        #expect(forms.delta > 20, "\(forms)")
        #expect(forms.partial > 20, "\(forms)")
        #expect(cluster.exact > 100, "\(cluster.exact) \(cluster.inexact)")
    }

    @Test("P5: a host that got a part says so until it got the rest, and so do those that it sends to")
    func partial() throws {
        var a = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        func isExact() -> Bool { a.monitor.clock.isExact }
        let entries = [Dot(host: host("c"), epoch: Epoch(3), counter: 9)]
        a.turn(datagram(.heartbeat, entries: entries), at: start, into: &outbox)
        #expect(isExact())
        let news = [Dot(host: host("c"), epoch: Epoch(3), counter: 12)]
        let whole = datagram(.heartbeat, counter: 2, sequence: 2, entries: news)
        let part = datagram(.heartbeat, counter: 2, sequence: 2, entries: news, limit: whole.count - 1)
        a.turn(part, at: start, into: &outbox)
        #expect(!isExact(), "what b knew of c was left out")
        outbox.removeAll()
        a.wake(at: start + .milliseconds(100), into: &outbox)
        let reported = try outbox.datagrams.map {
            try #require(decoded(outbox.bytes($0), for: $0.destination.port == 1 ? "b" : "c"))
        }
        #expect(!reported.isEmpty && reported.allSatisfy(\.hasGaps))
        a.turn(datagram(.heartbeat, counter: 3, sequence: 3, entries: news), at: start, into: &outbox)
        #expect(isExact())
    }

    @Test("P5: of clocks that are not exact, none is said to be concurrent with another")
    func neverConcurrent() {
        var one = VectorClock(owner: host("a"), epoch: Epoch(1))
        var other = VectorClock(owner: host("b"), epoch: Epoch(1))
        one.tick()
        other.tick()
        #expect(one.order(to: other) == .concurrent)
        one.merge([Dot(host: host("c"), epoch: Epoch(1), counter: 1)], isComplete: false) { _ in }
        one.tick()
        #expect(one.order(to: other) == .unknown && other.order(to: one) == .unknown)
        other.merge(one.dot, hasGaps: one.hasGaps)
        other.tick()
        #expect(one.order(to: other) == .before, "what is known is known")
        #expect(!other.isExact && other.lowerBounds == [host("a")])
    }

    @Test("a host that does not watch all the others has gaps, until it does")
    func asymmetricConfigurations() {
        var (cluster, peers) = Cluster.mesh(4, seed: 1) { settings($0) }
        cluster.run(.seconds(1))
        #expect(cluster.nodes.allSatisfy { $0.endpoint.monitor.clock.isExact })
        cluster.add("new", epoch: 5, peers: peers)
        let grown = peers + [(settings("new"), 4)]
        for place in 0..<2 { cluster.retune(place, peers: grown) }
        cluster.run(.seconds(1))
        #expect(!cluster.nodes[2].endpoint.monitor.clock.isExact)
        #expect(!cluster.nodes[0].endpoint.monitor.clock.isExact, "hosts with gaps informed it")
        for place in 2..<4 { cluster.retune(place, peers: grown) }
        cluster.run(.seconds(1))
        #expect(cluster.nodes.allSatisfy { $0.endpoint.monitor.clock.isExact })
        #expect(cluster.violations.isEmpty, "\(cluster.violations.prefix(3))")
    }
}

import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Wire

/// Two daemons with one identity, hosts that were set back, incarnations out of order; and no alarm where all is
/// well.
@Suite("identity")
struct IdentityTests {
    @Test(
        "P10: nothing that a network, crashes and changed addresses do is called a conflict",
        arguments: 1...8 as ClosedRange<UInt64>)
    func noFalseAlarm(seed: UInt64) {
        var (cluster, peers) = Cluster.mesh(4, seed: seed) { settings($0) }
        (cluster.loss, cluster.doubling) = (300, 200)
        // More than twenty heartbeats may overtake one another.
        (cluster.delay, cluster.jitter) = (.milliseconds(1), .milliseconds(2_000))
        for incarnation in 6...12 as ClosedRange<UInt64> {
            cluster.run(.milliseconds(2_500))
            let place = Int.random(in: 0..<4, using: &cluster.generator)
            switch incarnation % 3 {
            case 0: cluster.restart(place, epoch: incarnation, peers: peers)
            case 1: cluster.retune(place, peers: peers.filter { $0.place != (place + 1) % 4 })
            default: for place in 0..<4 { cluster.retune(place, peers: peers) }
            }
        }
        for node in cluster.nodes {
            #expect(
                !node.notices.contains { $0.kind == .conflict },
                "\(node.notices.filter { $0.kind == .conflict })")
            #expect(node.endpoint.monitor.staleEpoch == nil)
        }
    }

    /// A copy of the host at an index, from now on at another address.
    private func clone(_ place: Int, in cluster: inout Cluster) {
        cluster.nodes.append(cluster.nodes[place])
    }

    private func conflicts(_ cluster: Cluster, at place: Int, with name: String) -> [Conflict] {
        cluster.nodes[place].notices.compactMap { $0.peer == host(name) ? $0.conflict : nil }
    }

    @Test("P10: a copied host is found by those that hear both", arguments: 1...4 as ClosedRange<UInt64>)
    func copied(seed: UInt64) {
        var (cluster, _) = Cluster.mesh(3, seed: seed) { settings($0) }
        cluster.jitter = .milliseconds(20)
        cluster.run(.seconds(1))
        clone(2, in: &cluster)
        cluster.run(.seconds(2))
        #expect(!conflicts(cluster, at: 0, with: "a10002").isEmpty)
        #expect(!conflicts(cluster, at: 1, with: "a10002").isEmpty)
    }

    @Test("P10: two daemons that are started with one id in one second are found")
    func startedTwice() {
        var (cluster, peers) = Cluster.mesh(3, seed: 1) { settings($0) }
        cluster.run(.milliseconds(40))
        cluster.add("a10002", epoch: 5, peers: peers)
        cluster.run(.seconds(2))
        #expect(!conflicts(cluster, at: 0, with: "a10002").isEmpty)
    }

    @Test("P10: a host that is set back to a snapshot is found, and learns of it", arguments: [1, 8, 30])
    func setBack(seconds: Int64) {
        var (cluster, _) = Cluster.mesh(3, seed: 1) { settings($0) }
        cluster.run(.seconds(2))
        let snapshot = cluster.nodes[2]
        cluster.run(.seconds(seconds))
        cluster.nodes[2] = snapshot
        cluster.run(.seconds(2))
        #expect(!conflicts(cluster, at: 0, with: "a10002").isEmpty)
        #expect(cluster.nodes[2].endpoint.monitor.staleEpoch == Epoch(5))
    }

    @Test(
        "P14: a host that comes back with too low an epoch learns of it, and continues with a later one",
        arguments: [1, 4])
    func lowEpoch(epoch: UInt64) {
        var (cluster, peers) = Cluster.mesh(3, seed: 1) { settings($0) }
        cluster.run(.seconds(1))
        cluster.restart(2, epoch: epoch, peers: peers)
        cluster.run(.milliseconds(300))
        #expect(cluster.nodes[2].endpoint.monitor.staleEpoch == Epoch(5))
        var outbox = Outbox()
        cluster.nodes[2].endpoint.beginIncarnation(Epoch(6), at: cluster.now, into: &outbox)
        cluster.run(.seconds(1))
        for place in 0..<2 {
            let monitor = cluster.nodes[place].endpoint.monitor
            #expect(monitor.index(of: host("a10002")).map { monitor.state(ofPeer: $0) } == .trusted)
            #expect(
                conflicts(cluster, at: place, with: "a10002").isEmpty,
                "a mistake that was mended is no conflict")
        }
        #expect(cluster.nodes[2].endpoint.monitor.staleEpoch == nil)
        #expect(outbox.notices.map(\.kind) == [.restart] && outbox.notices[0].peer == host("a10002"))
        #expect(cluster.violations.isEmpty)
    }

    @Test("two incarnations of one host that continue side by side are found")
    func twoIncarnations() {
        var (cluster, peers) = Cluster.mesh(3, seed: 1) { settings($0) }
        cluster.run(.seconds(1))
        cluster.add("a10002", epoch: 9, peers: peers)
        cluster.run(.seconds(3))
        #expect(conflicts(cluster, at: 0, with: "a10002") == [.twoIncarnations])
        #expect(cluster.nodes[2].endpoint.monitor.staleEpoch == Epoch(9))
    }

    @Test("a host that learns of later incarnations of its own again and again stays, and says so")
    func noRace() {
        var a = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        for epoch in 6...12 as ClosedRange<UInt64> {
            let claim = [Dot(host: host("a"), epoch: Epoch(epoch * 10), counter: 1)]
            a.turn(
                datagram(.heartbeat, counter: epoch, sequence: epoch, entries: claim), at: start,
                into: &outbox)
            guard let stale = a.monitor.staleEpoch else { continue }
            a.beginIncarnation(Epoch(stale.value + 1), at: start, into: &outbox)
        }
        #expect(a.monitor.clock.epoch == Epoch(81), "three times")
        #expect(outbox.notices.count { $0.conflict == .ownEvents } == 6)
        let last = [Dot(host: host("a"), epoch: Epoch(120), counter: 1)]
        func claim(_ sequence: UInt64, after seconds: Int64) {
            a.turn(
                datagram(.heartbeat, counter: sequence, sequence: sequence, entries: last),
                at: start + .seconds(seconds), into: &outbox)
        }
        claim(13, after: 3_500)
        #expect(a.monitor.staleEpoch == nil)
        claim(14, after: 3_600)
        #expect(a.monitor.staleEpoch == Epoch(120), "one an hour, so that no lie holds for good")
        a.beginIncarnation(Epoch(121), at: start + .seconds(3_600), into: &outbox)
        claim(15, after: 3_700)
        #expect(a.monitor.clock.epoch == Epoch(121) && a.monitor.staleEpoch == nil)
    }

    @Test("P9: at the end of its counter a host asks for a new incarnation, and nothing traps")
    func exhausted() {
        var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: [settings("b")], seed: 1, at: start)
        monitor.clock = VectorClock(
            owner: host("a"), epoch: Epoch(5), counter: VectorClock.maximumCounter - 1)
        var a = Endpoint(monitor)
        a.setAddress(loopback(1), ofPeer: 0)
        var outbox = Outbox()
        a.turn(datagram(.ping(nonce: 1)), at: start, into: &outbox)
        #expect(a.monitor.staleEpoch == Epoch(5))
        a.beginIncarnation(Epoch(6), at: start, into: &outbox)
        #expect(a.monitor.staleEpoch == nil && a.monitor.clock.dot.counter == 2, "the start, and a heartbeat")
    }

    @Test("a claim that lies: a relay mentions an event of a host that the host has not had")
    func impossible() {
        var a = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        a.turn(datagram(.heartbeat, from: "c", counter: 7), at: start, into: &outbox)
        let before = a.monitor.clock.counter
        let lie = [Dot(host: host("c"), epoch: Epoch(1), counter: 100)]
        a.turn(datagram(.heartbeat, from: "b", entries: lie), at: start, into: &outbox)
        let early = [Dot(host: host("a"), epoch: Epoch(5), counter: before)]
        a.turn(
            datagram(.heartbeat, from: "c", counter: 8, sequence: 2, entries: early), at: start, into: &outbox
        )
        #expect(!outbox.notices.contains { $0.kind == .conflict }, "it may have been sent before")
        let late = [Dot(host: host("a"), epoch: Epoch(5), counter: before + 1)]
        a.turn(
            datagram(.heartbeat, from: "c", counter: 9, sequence: 3, entries: late), at: start, into: &outbox)
        #expect(outbox.notices.filter { $0.kind == .conflict }.map(\.conflict) == [.impossible])
    }
}

import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// What a host does with numbers that were forged in a peer's name.
@Suite("forged link numbers")
struct ForgedNumberTests {
    /// Sends a heartbeat in the name of `b`, as one that has its key can.
    private func forge(_ number: UInt64, to name: String, in network: inout ClusterNetwork) {
        guard let epoch = network.report(name, on: "b")?.epoch else { return }
        network.act(name) { endpoint, now, outbox in
            let lie = datagram(
                .heartbeat, to: name, epoch: epoch.value, counter: 2, sequence: number, sent: now)
            endpoint.turn(lie, at: now, into: &outbox)
        }
    }

    @Test(
        "a number far ahead in a peer's name does not make it a crash, however often it comes",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping])
    func farAhead(mode: MonitoringMode) {
        var network = ClusterNetwork(4) { settings($0, mode: mode) }
        network.run(.seconds(3))
        for round in 0..<4 as Range<UInt64> {
            for name in ["a", "c", "d"] { forge((1 << 53) - 5 + round, to: name, in: &network) }
            network.run(.milliseconds(600))
        }
        network.run(.seconds(6))
        #expect(network.reported(.confirm).isEmpty)
        #expect(network.reported(.suspect).isEmpty)
        for name in ["a", "c", "d"] {
            #expect(network.report(name, on: "b")?.state == .trusted)
            let peer = network[name].monitor.index(of: host("b")) ?? 0
            let number = network[name].monitor.evidence(of: peer).lastSequence
            #expect(number < 1_000, "it is its own again")
        }
        network.kill("b")
        network.run(.seconds(2))
        #expect(network.isConfirmed("a", on: "b"), "its death is found all the same")
    }

    @Test("old datagrams of a dead peer that are played again raise questions, and hide no crash")
    func replayed() {
        var network = ClusterNetwork(3)
        network.run(.seconds(10))
        network.kill("b")
        for number in 1...40 as ClosedRange<UInt64> {
            network.run(.milliseconds(100))
            for name in ["a", "c"] { forge(number, to: name, in: &network) }
        }
        for name in ["a", "c"] {
            #expect(network[name].count(of: .outdated) >= 30)
            #expect(network.reported(.suspect, by: name, about: "b").map(\.cause) == [.crash])
            #expect(network.isConfirmed(name, on: "b"))
        }
    }

    @Test("only what was sent after a question refutes a number; an answer that was held back does not")
    func heldBack() {
        var a = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        a.turn(datagram(.heartbeat, epoch: 3, sequence: 1), at: start, into: &outbox)
        var now = start
        while a.monitor.state(ofPeer: 0) != .pending, now < start + .seconds(5) {
            now = now + .milliseconds(10)
            a.beginTurn(at: now, into: &outbox)
            a.wake(at: now, into: &outbox)
        }
        let asked = a.monitor.peers[0].probes.remembered.last?.nonce ?? 0
        let (ahead, back) = (now + .milliseconds(1), now + .milliseconds(2))
        a.turn(datagram(.heartbeat, epoch: 3, sequence: 200), at: ahead, into: &outbox)
        a.turn(datagram(.pong(nonce: asked, waited: .zero), epoch: 3, sequence: 3), at: back, into: &outbox)
        #expect(a.count(of: .outdated) == 1 && a.monitor.peers[0].receiver.highest == 200)
    }
}

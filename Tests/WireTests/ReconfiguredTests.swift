import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A peer that was taken out of the configuration and is in it again.
@Suite("a peer that is configured again")
struct ReconfiguredTests {
    /// Three hosts of which `c` has died, as `a` learnt from `b` only: it has started anew since.
    private func afterDeath() -> ClusterNetwork {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(1))
        network.restart("a")
        network.run(.seconds(4))
        return network
    }

    @Test("is confirmed to have failed again by all hosts, also where this process never heard it")
    func neverHeard() {
        var network = afterDeath()
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
        network.reload("a", watching: "b")
        network.run(.milliseconds(1_500))
        #expect(!network.isConfirmed("b", on: "c"))
        network.reload("a", watching: "bc")
        #expect(network["a"].monitor.clock.latest(of: host("c"))?.epoch == Epoch(5))
        network.run(.seconds(5))
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
        #expect(network.report("a", on: "c")?.epoch == nil && network.report("a", on: "c")?.lastHeard == nil)
    }

    @Test("has the votes of others again, also where what they hold of other hosts stays different")
    func unequal() {
        var network = ClusterNetwork(4)
        network.reload("b", watching: "ac")
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(1))
        #expect(network.isConfirmed("a", on: "c"))
        network.reload("a", watching: "bd")
        network.run(.seconds(1))
        network.reload("a", watching: "bcd")
        network.run(.seconds(5))
        #expect(network.isConfirmed("a", on: "c"))
    }

    @Test("was heard before, where this process heard it")
    func heardBefore() {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.kill("d")
        network.run(.seconds(1))
        let heard = network.report("a", on: "d")?.lastHeard
        #expect(heard != nil)
        network.reload("a", watching: "bc")
        network.run(.milliseconds(1_500))
        network.reload("a", watching: "bcd")
        network.run(.seconds(5))
        #expect(network.isConfirmed("a", on: "d"))
        let index = network["a"].monitor.index(of: host("d")) ?? 0
        #expect(network["a"].monitor.evidence(of: index).lastHeard == heard)
        #expect(network.report("a", on: "d")?.lastHeard == heard)
    }

    /// Three hosts of which two remove the third, and watch it again after two seconds in which `meanwhile` happened.
    private func network(
        before: (inout ClusterNetwork) -> Void = { _ in }, meanwhile: (inout ClusterNetwork) -> Void
    ) -> ClusterNetwork {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        before(&network)
        network.run(.seconds(1))
        for name in ["a", "b"] { network.reload(name, watching: "ab") }
        network.run(.seconds(1))
        meanwhile(&network)
        network.run(.seconds(1))
        for name in ["a", "b"] { network.reload(name, watching: "abc") }
        network.run(.seconds(6))
        return network
    }

    @Test("one that had left is still away, and its return is no crash")
    func left() {
        var network = network(before: { $0.leave("c") }, meanwhile: { $0.kill("c") })
        for name in ["a", "b"] { #expect(network.report(name, on: "c")?.state == .left) }
        network.restart("c")
        network.run(.seconds(2))
        for name in ["a", "b"] {
            #expect(network.report(name, on: "c")?.state == .trusted)
            #expect(network.report(name, on: "c")?.crashes == 0)
            #expect(network.reported(.restart, by: name, about: "c").map(\.cause) == [nil])
        }
        #expect(network.reported(.suspect, about: "c").isEmpty)
    }

    @Test("one that restarted meanwhile may have said goodbye: that is no proof of a crash")
    func restarted() {
        let network = network(meanwhile: {
            $0.leave("c")
            $0.restart("c")
        })
        for name in ["a", "b"] {
            #expect(network.report(name, on: "c")?.state == .trusted)
            #expect(network.reported(.restart, by: name, about: "c").map(\.cause) == [nil])
        }
    }

    @Test("what was sent while it was not configured counts as no loss, in either direction")
    func losses() {
        let network = network(meanwhile: { _ in })
        for name in ["a", "b"] {
            let report = network.report(name, on: "c")
            #expect(report?.state == .trusted && report?.lossIn == 0 && report?.lossOut == 0, "\(name)")
        }
        var restarted = self.network(before: { $0.leave("c") }, meanwhile: { $0.kill("c") })
        restarted.restart("c")
        restarted.run(.seconds(2))
        for name in ["a", "b"] { #expect(restarted.report(name, on: "c")?.lossOut == 0, "\(name)") }
    }

    @Test(
        "one that was dead before this host ever watched it is no broken link, though others have news of it")
    func addedDead() {
        var network = ClusterNetwork(3)
        network.reload("a", watching: "ab")
        network.run(.seconds(3))
        network.kill("c")
        network.run(.seconds(3))
        network.reload("a", watching: "abc")
        network.run(.seconds(6))
        #expect(network.report("a", on: "c")?.state == .suspected)
        let causes = network.reported(.suspect, by: "a", about: "c").map(\.cause)
        #expect(causes.allSatisfy { $0 != .link }, "\(causes)")
    }

    @Test("one whose absence is over is given the usual grace when it is added again")
    func overdue() {
        var peer = Peer(settings("c"), at: start)
        peer.resumeAbsence(since: start, until: start + .seconds(1), at: start + .seconds(60))
        #expect(peer.state == .left && peer.returnDue == start + .seconds(60) + settings("c").startupGrace)
    }

    @Test("one that died meanwhile is no broken link, though others still have news of it")
    func died() {
        let network = network(meanwhile: { $0.kill("c") })
        for name in ["a", "b"] {
            #expect(network.report(name, on: "c")?.state == .suspected)
            let causes = network.reported(.suspect, by: name, about: "c").map(\.cause)
            #expect(causes.allSatisfy { $0 != .link }, "\(causes)")
        }
    }
}

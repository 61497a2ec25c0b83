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
}

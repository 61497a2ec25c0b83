import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// What others see, and what is reported, when a process continues with the memory of the one before.
@Suite("a restart with memory among others")
struct MemoryTests {
    /// Everything that was reported by `a` of a peer, but for pings.
    private func reported(_ network: ClusterNetwork, of peer: String) -> [Notice.Kind] {
        network.reported.filter { $0.by == "a" && $0.about == peer && $0.kind != .pending }.map(\.kind)
    }

    @Test(
        "a peer that does not hear this node is heard, and does not hear it, as before",
        arguments: [true, false])
    func outbound(hasKey: Bool) {
        var network = ClusterNetwork(4)
        network["a"].monitor.requiresFreshness = hasKey
        network.run(.seconds(2))
        network.cutOneWay(from: "a", to: "b")
        network.run(.seconds(3))
        #expect(network.report("a", on: "b")?.verdict == Verdict(.outbound, .suspected))
        let before = reported(network, of: "b")
        network.resume("a", watching: "bcd", after: .milliseconds(100))
        network.run(.seconds(20))
        #expect(network.report("a", on: "b")?.state == .trusted)
        #expect(network.report("a", on: "b")?.verdict == Verdict(.outbound, .suspected))
        #expect(reported(network, of: "b") == before)
        network.heal()
        network.run(.seconds(1))
        #expect(reported(network, of: "b") == before + [.trust])
        #expect(network.report("a", on: "b")?.verdict == nil)
    }

    @Test("a confirmation that is remembered is reported once, and never gone")
    func confirmed() {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.kill("d")
        network.run(.seconds(1))
        let before = reported(network, of: "d")
        #expect(before.count { $0 == .confirm } == 1)
        for _ in 0..<3 {
            network.resume("a", watching: "bcd", after: .milliseconds(100))
            for _ in 0..<40 {
                #expect(network.isConfirmed("a", on: "d"))
                network.run(.milliseconds(100))
            }
        }
        #expect(reported(network, of: "d") == before)
    }

    @Test("one that no other shares any more ends")
    func withdrawn() {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        network.cut("ab", "c")
        network.run(.seconds(2))
        #expect(network.isConfirmed("a", on: "c"))
        network.heal()
        network.cut("a", "c")
        network.resume("a", watching: "bc", after: .seconds(1))
        network.run(.seconds(5))
        #expect(network.report("a", on: "c")?.state == .suspected && !network.isConfirmed("a", on: "c"))
    }

    @Test(
        "what was sent while no process ran is no loss of the link, neither here nor at the others",
        arguments: [true, false])
    func losses(hasKey: Bool) {
        var network = ClusterNetwork(3)
        network["a"].monitor.requiresFreshness = hasKey
        network.run(.seconds(6))
        network.resume("a", watching: "bc", after: .seconds(3))
        network.run(.seconds(3))
        for other in ["b", "c"] {
            #expect(network.report("a", on: other)?.lossIn == 0)
            #expect(network.report(other, on: "a")?.lossOut == 0)
        }
    }
}

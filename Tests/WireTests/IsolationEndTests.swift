import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// An isolation rests on peers that are silent: without them there is none.
@Suite("the end of an isolation")
struct IsolationEndTests {
    /// Six hosts, three of which die simultaneously; the others find themselves isolated.
    private func isolated() -> ClusterNetwork {
        var network = ClusterNetwork(6)
        network.run(.seconds(2))
        for name in ["d", "e", "f"] { network.kill(name) }
        network.run(.seconds(3))
        for name in ["a", "b", "c"] {
            #expect(network[name].monitor.isolatedSince != nil)
            #expect(network.reported(.isolated, by: name).count == 1)
        }
        return network
    }

    /// Of the hosts that watch each other alone, one dies: the others confirm it.
    private func confirmsCrash(_ network: inout ClusterNetwork) {
        for name in ["a", "b", "c"] {
            #expect(network[name].monitor.isolatedSince == nil)
            #expect(network.reported(.rejoined, by: name).count == 1)
        }
        network.kill("c")
        network.run(.seconds(3))
        for name in ["a", "b"] {
            #expect(network.reported(.suspect, by: name, about: "c").map(\.cause) == [.crash])
            #expect(network.isConfirmed(name, on: "c"))
        }
    }

    @Test("a reload that removes the silent peers ends it, and a later crash is confirmed")
    func removed() {
        var network = isolated()
        for name in ["a", "b", "c"] { network.reload(name, watching: "abc") }
        network.run(.seconds(2))
        confirmsCrash(&network)
    }

    @Test("a reload that leaves too few of the silent peers ends it; the rest are judged one by one")
    func tooFew() {
        var network = isolated()
        for name in ["a", "b", "c"] { network.reload(name, watching: "abcd") }
        #expect(network["a"].monitor.isolatedSince == nil)
        network.run(.seconds(3))
        #expect(network.reported(.rejoined, by: "a").count == 1)
        #expect(network.reported(.suspect, by: "a").map(\.about) == ["d"])
        #expect(network.isConfirmed("a", on: "d"))
    }

    @Test("a reload that leaves them all, or adds another, does not end it")
    func kept() {
        var network = isolated()
        network.reload("a", watching: "abcdef")
        network.run(.milliseconds(50))
        #expect(network["a"].monitor.isolatedSince != nil && network.reported(.rejoined, by: "a").isEmpty)
    }

    @Test("a restart that keeps the memory, with the silent peers gone from the file, ends it")
    func resumed() {
        var network = isolated()
        for name in ["a", "b", "c"] { network.resume(name, watching: "abc") }
        network.run(.seconds(2))
        confirmsCrash(&network)
    }

    @Test("a restart that keeps the memory and the file keeps it, until the silent peers are removed")
    func resumedUnchanged() {
        var network = isolated()
        for name in ["a", "b", "c"] { network.resume(name, watching: "abcdef") }
        network.run(.milliseconds(500))
        for name in ["a", "b", "c"] { #expect(network[name].monitor.isolatedSince != nil) }
        for name in ["a", "b", "c"] { network.reload(name, watching: "abc") }
        network.run(.seconds(2))
        confirmsCrash(&network)
    }

    @Test("a reload to no peers ends it, and that is emitted although nothing else falls due")
    func nobody() {
        var network = isolated()
        network.reload("a", watching: "")
        #expect(network["a"].monitor.isolatedSince == nil)
        network.run(.milliseconds(1))
        #expect(network.reported(.rejoined, by: "a").count == 1)
        #expect(network["a"].nextDeadline == nil)
    }

    @Test("a silent peer that is heard only to announce its stop ends it", arguments: [true, false])
    func left(isAlone: Bool) {
        var network = ClusterNetwork(6)
        network.run(.seconds(2))
        network.cut("a", isAlone ? "bcdef" : "bcde")
        network.run(.seconds(3))
        #expect(network["a"].monitor.isolatedSince != nil)
        // Everything is repaired, but only the goodbye of one arrives.
        network.heal()
        network.leave("b")
        network.cut("a", isAlone ? "cdef" : "cde")
        network.run(.milliseconds(5))
        #expect(network.report("a", on: "b")?.state == .left)
        #expect(network["a"].monitor.isolatedSince == nil && network.reported(.rejoined, by: "a").count == 1)
    }
}

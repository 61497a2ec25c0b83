import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// When most peers fall silent simultaneously, the likeliest fault is our own; the peers still heard stay trusted.
@Suite("most peers silent simultaneously")
struct MassSilenceTests {
    @Test("the small side of a partition blames itself, once; the large side confirms", arguments: 1...5)
    func partition(after tenths: Int64) {
        var network = ClusterNetwork(7)
        network.run(.seconds(2) + .milliseconds(17) * tenths)
        network.cut("ab", "cdefg")
        network.run(.seconds(10))
        for observer in ["a", "b"] {
            #expect(network.reported(.isolated, by: observer).count == 1)
            #expect(
                network.reported(.suspect, by: observer).isEmpty
                    && network.reported(.confirm, by: observer).isEmpty)
            #expect(network.report(observer, on: observer == "a" ? "b" : "a")?.state == .trusted)
            #expect(network.report(observer, on: "c")?.state == .suspected)
            #expect(network.report(observer, on: "c")?.verdict?.cause == .isolated)
            #expect(network[observer].monitor.opinions.isEmpty, "who doubts itself says nothing of others")
        }
        for observer in ["c", "d", "e", "f", "g"] {
            #expect(network.reported(.isolated, by: observer).isEmpty)
            #expect(network.isConfirmed(observer, on: "a") && network.isConfirmed(observer, on: "b"))
        }
        network.heal()
        network.run(.seconds(5))
        #expect(network.reported(.rejoined, by: "a").count == 1)
        #expect(network.report("a", on: "c")?.state == .trusted && network["a"].monitor.isolatedSince == nil)
        #expect(network.reported(.suspect, by: "a").isEmpty)
    }

    @Test("fewer than half, or fewer than three, are suspected one by one")
    func few() {
        var network = ClusterNetwork(7)
        network.run(.seconds(2))
        for name in ["c", "d", "e"] { network.kill(name) }
        network.run(.seconds(3))
        for observer in ["a", "b", "f", "g"] {
            #expect(network.reported(.isolated, by: observer).isEmpty)
            #expect(
                network.reported(.suspect, by: observer).map(\.about).sorted { $0 ?? "" < $1 ?? "" } == [
                    "c", "d", "e",
                ])
        }
        var small = ClusterNetwork(4)
        small.run(.seconds(2))
        small.kill("c")
        small.kill("d")
        small.run(.seconds(3))
        #expect(small.reported(.isolated).isEmpty && small.reported(.suspect, by: "a").count == 2)
    }

    @Test("a host that refuses our datagrams is within reach, so it is not us")
    func refused() {
        var network = ClusterNetwork(5)
        network.run(.seconds(2))
        for name in ["c", "d", "e"] { network.kill(name) }
        network.refusesFrom("c")
        network.run(.seconds(3))
        #expect(network.reported(.isolated, by: "a").isEmpty)
        #expect(network.reported(.suspect, by: "a").count >= 3)
    }

    @Test(
        "a deaf host learns from an observer that it hears that a peer of the silent ones has failed indeed")
    func sharedByOthers() {
        var network = ClusterNetwork(6)
        network.run(.seconds(2))
        // a hears b alone; c is dead, which b sees as well; b hears all others.
        network.kill("c")
        for name in ["d", "e", "f"] { network.cutOneWay(from: name, to: "a") }
        network.run(.seconds(5))
        #expect(network.reported(.isolated, by: "a").count <= 1 && network["a"].monitor.isolatedSince == nil)
        #expect(network.report("a", on: "c")?.verdict?.cause == .crash)
        #expect(network.reported(.suspect, by: "a", about: "c").count >= 1)
    }

    @Test("a peer that died while we were cut off is suspected first, and confirmed only then")
    func diedMeanwhile() {
        var network = ClusterNetwork(7)
        network.run(.seconds(2))
        network.cut("a", "bcdefg")
        network.run(.seconds(1))
        network.kill("c")
        network.run(.seconds(3))
        network.heal()
        network.run(.seconds(3))
        let verdicts = network.reported.filter { $0.by == "a" && $0.about == "c" && $0.cause != nil }
        #expect(verdicts.map(\.kind) == [.suspect, .confirm])
        #expect(verdicts.allSatisfy { $0.cause == .crash })
    }

    @Test("one of the silent that is heard again ends the blame; the rest is judged one by one")
    func heardAgain() {
        var network = ClusterNetwork(6)
        network.run(.seconds(2))
        network.cut("a", "cdef")
        network.run(.seconds(2))
        #expect(
            network.reported(.isolated, by: "a").count == 1 && network.reported(.suspect, by: "a").isEmpty)
        network.heal()
        network.cut("a", "c")
        network.run(.seconds(3))
        #expect(network.reported(.rejoined, by: "a").count == 1)
        #expect(network.reported(.suspect, by: "a").map(\.about) == ["c"])
        #expect(network.reported(.suspect, by: "a").map(\.cause) == [.link])
    }

    @Test(
        "a peer that is heard after the others fell silent, and then falls silent itself, is its own matter")
    func later() {
        var network = ClusterNetwork(7)
        network.run(.seconds(2))
        network.cut("ab", "cdefg")
        network.run(.seconds(3))
        network.kill("b")
        network.run(.seconds(3))
        #expect(network.reported(.isolated, by: "a").count == 1)
        #expect(network.report("a", on: "b")?.state == .suspected)
        #expect(network.reported(.suspect, by: "a").map(\.about).first == "b")
    }
}

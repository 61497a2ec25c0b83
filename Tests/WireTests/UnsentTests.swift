import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("what never left this host, and what cannot be believed")
struct UnsentTests {
    /// Runs three hosts on which `a` cannot send to `c`, because its kernel refuses.
    private func network(_ obstacle: SendObstacle, killsC: Bool) -> ClusterNetwork {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.refuseToSend(from: "a", to: "c", because: obstacle)
        if killsC { network.kill("c") }
        network.run(.seconds(5))
        return network
    }

    @Test("a peer to which the kernel refuses to send, and that is heard, is trusted, and does not hear us")
    func heard() {
        let network = network(.filtered, killsC: false)
        #expect(network.reported(.suspect, about: "c").isEmpty)
        #expect(network.report("a", on: "c")?.verdict?.cause == .outbound)
    }

    @Test(
        "a silent peer to which nothing can be sent has no known cause, and no vote of ours",
        arguments: SendObstacle.allCases)
    func silent(obstacle: SendObstacle) {
        let network = network(obstacle, killsC: true)
        #expect(network.reported(.suspect, by: "a", about: "c").map(\.cause) == [.unknown])
        #expect(network.reported(.suspect, by: "b", about: "c").map(\.cause) == [.crash])
        #expect(network.reported(.confirm).isEmpty, "b alone has pinged it")
        #expect(network["a"].monitor.evidence(of: 1).probes.isEmpty, "no ping was sent")
    }

    @Test("once datagrams leave again, the suspicion waits for a round of pings before it counts")
    func recovers() {
        var network = network(.noRoute, killsC: true)
        network.allowToSend()
        network.run(.milliseconds(300))
        #expect(network.reported(.confirm).isEmpty)
        network.run(.seconds(3))
        #expect(network.reported(.suspect, by: "a", about: "c").last?.cause == .crash)
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
    }

    @Test(
        "a peer whose name was never resolved is no crash, and is not confirmed by observers that never sent to it"
    )
    func unresolved() {
        var network = ClusterNetwork(3)
        network["a"].setAddress(nil, ofPeer: 1)
        network.kill("c")
        network.run(.seconds(6))
        #expect(network.reported(.suspect, by: "a", about: "c").map(\.cause) == [.unknown])
        #expect(!network.reported(.suspect, by: "b", about: "c").isEmpty)
        #expect(network.reported(.confirm).isEmpty)
        #expect(network["a"].monitor.evidence(of: 1).sent == 0, "nothing is counted as sent")
    }

    @Test(
        "hosts on which no name was ever resolved are not isolated: nothing was asked of any peer",
        arguments: [3, 5])
    func nothingResolved(hosts: Int) {
        var network = ClusterNetwork(hosts)
        for name in "abcde".prefix(hosts) {
            for index in 0..<(hosts - 1) { network[String(name)].setAddress(nil, ofPeer: index) }
        }
        network.run(.seconds(6))
        #expect(network.reported(.isolated).isEmpty && network.reported(.confirm).isEmpty)
        for name in "abcde".prefix(hosts) {
            let reported = network.reported(.suspect, by: String(name))
            #expect(reported.map(\.cause) == Array(repeating: .unknown, count: hosts - 1))
        }
    }

    @Test("datagrams refused now and then take no vote and no cause from a suspicion", arguments: 2...7)
    func nowAndThen(every: Int) {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.refuseToSend(from: "a", to: "c", because: .filtered, every: every)
        network.run(.seconds(3))
        #expect(network.reported(.suspect).isEmpty)
        network.kill("c")
        network.run(.seconds(20))
        #expect(network.reported(.suspect, by: "a", about: "c").map(\.cause) == [.crash])
        for observer in ["a", "b"] { #expect(network.reported(.confirm, by: observer).count == 1) }
    }

    @Test("a host that believes none of its peers is not isolated while their datagrams arrive")
    func hearsNobody() {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.rename("c", to: "x")
        network.run(.seconds(6))
        #expect(network.reported(.isolated).isEmpty)
        #expect(!network.reported(.suspect, by: "c", about: "a").isEmpty)
        #expect(network.reported(.suspect, by: "c", about: "a").allSatisfy { $0.cause == .unknown })
    }

    @Test("a peer whose incarnation lies in the future of our clock is no crash while it sends")
    func clocks() {
        var network = ClusterNetwork(3)
        for name in ["a", "b"] { network[name].setWallClock(seconds: Epoch.origin) }
        network.restart("c", epoch: Epoch(Epoch.tolerance + 10))
        network.run(.seconds(6))
        for name in ["a", "b"] {
            #expect(!network.reported(.suspect, by: name, about: "c").isEmpty)
            #expect(network.reported(.suspect, by: name, about: "c").allSatisfy { $0.cause == .unknown })
        }
        #expect(network.reported(.confirm).isEmpty)
    }

    @Test(
        "a peer that is only asked, sends more slowly than that, and gets no ping is no crash: it does not hear this node",
        arguments: [2, 5])
    func onlyAsked(times: Int64) {
        var network = ClusterNetwork(3) { name in
            var settings = WireTests.settings(name)
            if name == "c" { (settings.mode, settings.interval) = (.ping, settings.interval / times) }
            return settings
        }
        network.run(.seconds(3))
        for observer in ["a", "b"] { network.cutOneWay(from: observer, to: "c") }
        network.run(.seconds(6))
        for observer in ["a", "b"] {
            let suspicions = network.reported(.suspect, by: observer, about: "c")
            #expect(suspicions.count <= 1 && suspicions.allSatisfy { $0.cause == .unknown }, "\(suspicions)")
            #expect(network.report(observer, on: "c")?.state == .trusted)
            #expect(network.report(observer, on: "c")?.verdict?.cause == .outbound)
            #expect(!network.isConfirmed(observer, on: "c"))
        }
        network.kill("c")
        network.run(.seconds(3))
        #expect(network.isConfirmed("a", on: "c"), "it sends nothing any more")
    }

    @Test("a peer that is back in an earlier incarnation is no crash while it sends")
    func earlierIncarnation() {
        var network = ClusterNetwork(3)
        network.restart("c", epoch: Epoch(Epoch.tolerance + 10))
        network.run(.seconds(3))
        // By its clock the epoch that the others know is more than a day ahead, so it takes no later one.
        network.restart("c", epoch: Epoch(1))
        network["c"].setWallClock(seconds: Epoch.origin)
        network.run(.seconds(6))
        for name in ["a", "b"] {
            #expect(network.report(name, on: "c")?.state == .suspected)
            #expect(network.reported(.suspect, by: name, about: "c").allSatisfy { $0.cause == .unknown })
            #expect(network[name].monitor.evidence(of: 1).unproved.reason == .incarnation)
        }
        #expect(network.reported(.confirm).isEmpty)
    }

    @Test("where others hear a peer and its datagrams are refused here alone, the link is not to blame")
    func refusedHereAlone() {
        var network = ClusterNetwork(4)
        network["a"].setWallClock(seconds: Epoch.origin)
        network.restart("c", epoch: Epoch(Epoch.tolerance + 10))
        network.run(.seconds(6))
        #expect(network.report("b", on: "c")?.state == .trusted)
        #expect(network.reported(.suspect, by: "a", about: "c").map(\.cause) == [.unknown])
        #expect(network["a"].monitor.evidence(of: 1).unproved.reason == .clock)
        #expect(network.reported(.confirm).isEmpty)
    }

    @Test(
        "where others hear a peer and nothing was sent to it, the link is not to blame, nor when its name has just been resolved"
    )
    func notAsked() {
        var network = ClusterNetwork(4)
        network["a"].setAddress(nil, ofPeer: 1)
        network.cutOneWay(from: "c", to: "a")
        network.run(.seconds(6))
        network["a"].setAddress(loopback(2), ofPeer: 1)
        network.run(.milliseconds(100))
        #expect(network.reported(.suspect, by: "a", about: "c").map(\.cause) == [.unknown])
        network.run(.seconds(5))
        #expect(
            [.link, .inbound].contains(network.report("a", on: "c")?.verdict?.cause),
            "by now it was asked, and does not answer")
    }

    @Test("an epoch far ahead is given up where no peer with a credible epoch accepts it, and only there")
    func premature() {
        let ahead = Epoch(Epoch.tolerance + 5_000)
        func isPremature(
            _ restarted: [String], wallClock: UInt64, of clocks: [String], hasKey: Bool = false
        ) -> [Bool] {
            var network = ClusterNetwork(3)
            network.run(.seconds(1))
            for name in restarted { network.restart(name, epoch: ahead) }
            for name in ["a", "b", "c"] { network[name].monitor.requiresFreshness = hasKey }
            network.run(.seconds(1))
            for name in clocks { network[name].setWallClock(seconds: Epoch.origin + wallClock) }
            network.run(.seconds(6))
            return ["a", "b", "c"].map { network[$0].monitor.isIncarnationPremature(at: network.now) }
        }
        let all = ["a", "b", "c"]
        // One was ahead; two were ahead together, and accept each other.
        #expect(isPremature(["a"], wallClock: 100, of: all) == [false, false, false], "c had accepted it")
        #expect(isPremature([], wallClock: 100, of: all) == [false, false, false])
        // A clock that is behind: its peers accept what it cannot believe.
        #expect(isPremature(["a", "b", "c"], wallClock: 100, of: ["c"]) == [false, false, false])
    }

    @Test(
        "a host whose clock is behind from its start keeps its epoch, also where peers ask for a proof of life"
    )
    func behindWithKey() {
        let present = Epoch(Epoch.tolerance + 5_000)
        var network = ClusterNetwork(3)
        for name in ["a", "b", "c"] { network.restart(name, epoch: present) }
        for name in ["a", "b"] { network[name].monitor.requiresFreshness = true }
        network.run(.seconds(2))
        network.restart("c", epoch: Epoch(present.value + 1))
        network["c"].monitor.requiresFreshness = true
        network["c"].setWallClock(seconds: Epoch.origin + 100)
        network.run(.seconds(7))
        #expect(network.report("a", on: "c")?.state == .trusted, "c answers, whatever it believes of a")
        #expect(!network["c"].monitor.isIncarnationPremature(at: network.now))
    }

    @Test("hosts whose epochs are ahead together give them up where another one refuses them")
    func prematureTogether() {
        let ahead = Epoch(Epoch.tolerance + 5_000)
        var network = ClusterNetwork(3)
        network.run(.seconds(1))
        network["c"].setWallClock(seconds: Epoch.origin + 100)
        for name in ["a", "b"] { network.restart(name, epoch: ahead) }
        network.run(.seconds(1))
        for name in ["a", "b"] { network[name].setWallClock(seconds: Epoch.origin + 100) }
        network.run(.seconds(4))
        #expect(!network["a"].monitor.isIncarnationPremature(at: network.now), "too early")
        network.run(.seconds(2))
        let found = ["a", "b", "c"].map { network[$0].monitor.isIncarnationPremature(at: network.now) }
        #expect(found == [true, true, false])
    }

    @Test(
        "a peer that starts later than this host is not said to hear nothing",
        arguments: [1_007, 1_021, 1_035, 1_700])
    func startsLater(milliseconds: Int64) {
        var network = ClusterNetwork(3)
        for name in ["a", "b"] { network[name].monitor.requiresFreshness = true }
        network.kill("c")
        network.run(.milliseconds(milliseconds))
        network.restart("c")
        network["c"].monitor.requiresFreshness = true
        network.run(.seconds(2))
        #expect(network.report("a", on: "c")?.state == .trusted)
        #expect(network.reported(.asymmetric).isEmpty)
    }

    @Test("a suspicion without a vote is not counted among the observers that its report names")
    func countsVotes() {
        let network = network(.filtered, killsC: true)
        let reported = network.reported(.suspect, by: "a", about: "c").map(\.observers)
        #expect(reported == [0])
    }

    @Test("a peer whose datagrams are refused is no crash, and not voted against, while they arrive")
    func misconfigured() {
        var network = ClusterNetwork(3)
        network.run(.seconds(3))
        network.rename("c", to: "x")
        network.run(.seconds(3))
        for observer in ["a", "b"] {
            #expect(network.report(observer, on: "c")?.state == .suspected)
            #expect(network.reported(.suspect, by: observer, about: "c").allSatisfy { $0.cause == .unknown })
            #expect(network[observer].unprovedSource(ofPeer: 1) == loopback(2))
        }
        #expect(network.reported(.confirm).isEmpty)
        network.kill("c")
        network.run(.seconds(3))
        #expect(network.isConfirmed("a", on: "c"), "when they stop, its silence counts")
    }
}

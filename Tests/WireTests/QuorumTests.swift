import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A suspicion is one observer's; it is confirmed when a quorum of independent observers shares it.
@Suite("verdicts by quorum")
struct QuorumTests {
    @Test("a crash is confirmed by all survivors, once each", arguments: 3...6)
    func crash(members: Int) {
        var network = ClusterNetwork(members)
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(1))
        let survivors = ["a", "b", "d", "e", "f"].prefix(members - 1)
        for observer in survivors {
            #expect(network.isConfirmed(observer, on: "c"), "\(observer)")
            #expect(network.reported(.confirm, by: observer, about: "c").count == 1)
            #expect(network.reported(.suspect, by: observer, about: "c").allSatisfy { $0.observers >= 1 })
            #expect(network.witnesses(observer, on: "c") == survivors.filter { $0 != observer })
        }
        #expect(network.reported(.confirm).count == survivors.count)
        network.run(.seconds(60))
        #expect(network.reported(.confirm).count == survivors.count, "it stays as it is")
    }

    @Test(
        "of two members none is ever confirmed to have failed", arguments: [Quorum.majority, .all, .count(1)])
    func twoMembers(quorum: Quorum) throws {
        var network = ClusterNetwork(2, quorum: quorum)
        network.run(.seconds(2))
        network.kill("b")
        network.run(.seconds(5))
        #expect(network.report("a", on: "b")?.state == .suspected)
        #expect(network.reported(.confirm).isEmpty)
        #expect(network["a"].monitor.agreement(on: 0) == Agreement(observers: 1, needed: nil))
    }

    @Test("how many observers a quorum needs, by the number of members")
    func needed() {
        #expect((1...7).map { Quorum.majority.needed(ofMembers: $0) } == [nil, nil, 2, 3, 3, 4, 4])
        #expect((1...5).map { Quorum.all.needed(ofMembers: $0) } == [nil, nil, 2, 3, 4])
        #expect((1...5).map { Quorum.count(3).needed(ofMembers: $0) } == [nil, nil, nil, 3, 3])
        #expect((1...4).map { Quorum.count(1).needed(ofMembers: $0) } == [nil, nil, 1, 1])
    }

    @Test("one broken link is no crash: the others hear the peer, and nothing is confirmed", arguments: 3...5)
    func brokenLink(members: Int) {
        var network = ClusterNetwork(members)
        network.run(.seconds(2))
        network.cut("a", "c")
        network.run(.seconds(20))
        #expect(network.report("a", on: "c")?.state == .suspected)
        #expect(network.report("c", on: "a")?.state == .suspected)
        #expect(network.reported(.confirm).isEmpty)
        #expect(network.witnesses("b", on: "c") == ["a"], "b hears c, and knows that a does not")
    }

    @Test("one observer that lies cannot confirm a suspicion among four or more", arguments: 4...6)
    func liar(members: Int) {
        var network = ClusterNetwork(members)
        network.run(.seconds(2))
        // What d says of c is the same on the wire whether it is deaf or lies.
        network.cutOneWay(from: "c", to: "d")
        network.run(.seconds(5))
        #expect(network.reported(.confirm).isEmpty && network.witnesses("a", on: "c") == ["d"])
        #expect(network.report("a", on: "c")?.state == .trusted)
        // Even when the link of an honest observer breaks besides.
        network.cutOneWay(from: "c", to: "a")
        network.run(.seconds(5))
        #expect(network.report("a", on: "c")?.state == .suspected)
        #expect(network.reported(.confirm).isEmpty)
    }

    @Test("a side of a partition without a majority confirms nothing; the other side does")
    func majorityLost() {
        var network = ClusterNetwork(5)
        network.run(.seconds(2))
        network.cut("ab", "cde")
        network.run(.seconds(5))
        #expect(network.reported(.confirm, by: "a").isEmpty && network.reported(.confirm, by: "b").isEmpty)
        for observer in ["c", "d", "e"] {
            #expect(network.isConfirmed(observer, on: "a") && network.isConfirmed(observer, on: "b"))
        }
    }

    @Test("a confirmation ends when an observer hears the peer again, and that is reported")
    func withdrawn() {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        network.cut("ab", "c")
        network.run(.seconds(2))
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
        network.heal()
        network.cut("a", "c")
        let suspicions = network.reported(.suspect, by: "a", about: "c").count
        network.run(.seconds(1))
        #expect(network.report("b", on: "c")?.state == .trusted)
        #expect(network.report("a", on: "c")?.state == .suspected && !network.isConfirmed("a", on: "c"))
        #expect(network.witnesses("a", on: "c").isEmpty)
        #expect(network.reported(.suspect, by: "a", about: "c").count > suspicions)
        network.heal()
        network.run(.seconds(1))
        #expect(network.report("a", on: "c")?.state == .trusted)
    }

    @Test(
        "a witness that is suspected itself no longer counts, nor one in a new incarnation until it says so again"
    )
    func witnessGone() {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(1))
        #expect(network.isConfirmed("a", on: "c"))
        network.kill("b")
        network.run(.seconds(1))
        #expect(network.report("a", on: "b")?.state == .suspected && !network.isConfirmed("a", on: "c"))
        network.restart("b")
        network.run(.seconds(1))
        #expect(network.report("a", on: "b")?.state == .trusted && !network.isConfirmed("a", on: "c"))
        #expect(network.witnesses("a", on: "c").isEmpty, "its earlier life spoke")
        // It has never heard c: after its startup grace it suspects it, in the incarnation that a mentioned.
        network.run(.seconds(3))
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
    }

    @Test("what was said of a peer's earlier incarnation does not confirm anything of its new one")
    func restarted() {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(1))
        network.restart("c")
        network.cut("c", "b")
        network.run(.seconds(10))
        #expect(network.report("a", on: "c")?.state == .trusted && !network.isConfirmed("a", on: "c"))
        #expect(network.report("b", on: "c")?.state == .suspected && !network.isConfirmed("b", on: "c"))
    }

    @Test("where pings replace heartbeats a crash is confirmed too")
    func pingMode() {
        var network = ClusterNetwork(3) { settings($0, mode: .ping) }
        network.run(.seconds(2))
        network.kill("c")
        network.run(.seconds(2))
        #expect(network.isConfirmed("a", on: "c") && network.isConfirmed("b", on: "c"))
    }

    @Test("an opinion counts whatever its observer had heard before, in the present incarnations of both")
    func incarnations() throws {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.cut("a", "c")
        network.run(.seconds(1))
        let a = network["a"].monitor
        let place = try #require(a.index(of: host("c")))
        var opinion = try #require(a.opinions.first)
        #expect(!opinion.isAfterAnother)
        #expect(opinion.counter == a.peers[place].suspicion?.event?.counter)
        let dot = Dot(host: host("b"), epoch: Epoch(5), counter: 9)
        opinion.isAfterAnother = true
        #expect(a.counts(Witness(opinion, of: dot, heard: start), on: place))
        #expect(
            !a.counts(
                Witness(opinion, of: Dot(host: host("b"), epoch: Epoch(4), counter: 9), heard: start),
                on: place))
        opinion.epoch = Epoch(4)
        #expect(!a.counts(Witness(opinion, of: dot, heard: start), on: place), "of an earlier life of c")
        opinion.epoch = Epoch(0)
        #expect(
            a.counts(Witness(opinion, of: dot, heard: start), on: place), "of whichever life, b knows none")
    }

    @Test("where this node knows no incarnation of the peer, an opinion about any of them counts")
    func noneKnown() {
        let opinion = Opinion(
            subject: host("c"), epoch: Epoch(4), verdict: Verdict(.crash, .suspected), isAfterAnother: false,
            counter: 9)
        let witness = Witness(opinion, of: Dot(host: host("b"), epoch: Epoch(5), counter: 9), heard: start)
        #expect([0, 3, 4, 5].map { witness.concerns(Epoch($0)) } == [true, false, true, false])
    }

    @Test("an observer that suspects later says that it had heard of the earlier suspicion")
    func afterAnother() throws {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.cut("a", "c")
        network.run(.seconds(1))
        network.cut("b", "c")
        network.run(.seconds(1))
        #expect(network["a"].monitor.opinions.map(\.isAfterAnother) == [false])
        #expect(network["b"].monitor.opinions.map(\.isAfterAnother) == [true])
    }

    @Test("a new quorum takes effect with the next event")
    func reload() {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.cut("ab", "c")
        network.run(.seconds(2))
        #expect(!network.isConfirmed("a", on: "c"), "two of three that are needed")
        network["a"].setQuorum(.count(2))
        network.run(.milliseconds(200))
        #expect(network.isConfirmed("a", on: "c") && !network.isConfirmed("b", on: "c"))
    }

    @Test(
        "the cause that a quorum confirms is judged with what those observers say that complete it",
        arguments: 0..<10)
    func causeOfConfirmation(phase: Int) {
        var network = ClusterNetwork(4)
        network.run(.seconds(2))
        network.cutOneWay(from: "c", to: "a")
        network.run(.seconds(3) + .milliseconds(10) * Int64(phase))
        #expect(network.report("a", on: "c")?.verdict == Verdict(.inbound, .proved))
        network.kill("c")
        network.run(.seconds(4))
        let reports = network.reported.filter { $0.by == "a" && $0.about == "c" }
        #expect(reports.filter { $0.kind == .confirm }.map(\.cause) == [.crash])
        #expect(reports.last?.kind == .confirm, "nothing takes the agreement of the quorum back")
    }

    @Test("when the cause of a confirmed suspicion changes, the quorum confirms the new one")
    func newCauseOfConfirmation() {
        var network = ClusterNetwork(3)
        network.run(.seconds(2))
        let words = network["c"].lastWords(numbered: 1 << 14)
        network.kill("c")
        network.run(.seconds(4))
        var outbox = Outbox()
        for (place, bytes) in zip(words.places, words.datagrams()) {
            network[place.peer.description].receive(
                bytes.span, from: loopback(2), arrived: network.now, at: network.now, into: &outbox)
        }
        network.run(.seconds(2))
        for observer in ["a", "b"] {
            let reports = network.reported.filter {
                $0.by == observer && $0.about == "c" && $0.kind != .pending
            }
            #expect(reports.suffix(3).map(\.kind) == [.suspect, .confirm, .confirm])
            #expect(reports.suffix(3).map(\.cause) == [.crash, .crash, .daemon])
        }
    }
}

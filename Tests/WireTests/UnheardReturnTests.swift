import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A peer that stopped as planned, is back, and does not get through to one observer.
@Suite("a return that is not heard")
struct UnheardReturnTests {
    /// Four hosts of which `c` has left; its link to `a` is cut.
    private func afterLeave(hasKey: Bool = false) -> ClusterNetwork {
        var network = ClusterNetwork(4)
        for name in ["a", "b", "c", "d"] { network[name].monitor.requiresFreshness = hasKey }
        network.run(.seconds(2))
        network.leave("c")
        network.run(.seconds(1))
        network.cut("a", "c")
        return network
    }

    private func comeBack(_ network: inout ClusterNetwork, hasKey: Bool = false) {
        network.restart("c")
        network["c"].monitor.requiresFreshness = hasKey
    }

    @Test("it is missed there, its link is blamed, and its death is confirmed", arguments: [false, true])
    func missed(hasKey: Bool) {
        var network = afterLeave(hasKey: hasKey)
        #expect(network.report("a", on: "c")?.state == .left)
        comeBack(&network, hasKey: hasKey)
        network.run(.seconds(6))
        #expect(network.report("b", on: "c")?.state == .trusted)
        #expect(network.report("a", on: "c")?.state == .suspected)
        #expect(network.report("a", on: "c")?.verdict?.cause == .link)
        network.kill("c")
        network.run(.seconds(6))
        for name in ["a", "b", "d"] { #expect(network.isConfirmed(name, on: "c"), "\(name)") }
    }

    @Test("one that dies before it is missed there is confirmed, too")
    func short() {
        var network = afterLeave()
        comeBack(&network)
        network.run(.seconds(1))
        network.kill("c")
        network.run(.seconds(10))
        for name in ["a", "b", "d"] { #expect(network.isConfirmed(name, on: "c"), "\(name)") }
    }

    @Test("one that is heard after all is trusted, and was not suspected")
    func heard() {
        var network = afterLeave()
        comeBack(&network)
        network.run(.seconds(1))
        network.heal()
        network.run(.seconds(5))
        #expect(network.report("a", on: "c")?.state == .trusted)
        #expect(network.report("a", on: "c")?.suspicions == 0)
    }

    @Test("neither a reload nor a restart of the observer makes it forget that", arguments: [false, true])
    func remembered(isReload: Bool) {
        var network = afterLeave()
        comeBack(&network)
        network.run(.seconds(1))
        if isReload { network.reload("a", watching: "bcd") } else { network.resume("a", watching: "bcd") }
        network.run(.seconds(8))
        #expect(network.report("a", on: "c")?.state == .suspected)
    }

    @Test("one that left again before it was missed has left")
    func leftAgain() {
        var network = afterLeave()
        comeBack(&network)
        network.run(.milliseconds(50))
        network.leave("c")
        network.run(.seconds(10))
        #expect(network.report("a", on: "c")?.state == .left)
        #expect(network.reported(.suspect, about: "c").isEmpty)
    }

    /// What a host with peers `b`, which left, and `c` gets from `c`, over 10 s.
    private func afterLies(entries: [Dot], testimonies: [Testimony], others: [String]) -> (Endpoint, Outbox) {
        var endpoint = endpoint("a", peers: (["b", "c"] + others).map { settings($0) })
        var outbox = Outbox()
        endpoint.turn(datagram(.heartbeat), at: start, into: &outbox)
        endpoint.turn(datagram(.leave, counter: 2, sequence: 2), at: start, into: &outbox)
        for step in 1...100 as ClosedRange<UInt64> {
            let now = start + .milliseconds(100) * Int64(step)
            for (place, name) in (["c"] + others).enumerated() {
                let lies = name == "c"
                endpoint.turn(
                    datagram(
                        .heartbeat, from: name, counter: step, sequence: step, sent: now,
                        entries: lies
                            ? entries.map { Dot(host: $0.host, epoch: $0.epoch, counter: step) } : [],
                        testimonies: lies ? testimonies : []),
                    from: UInt16(place + 2), at: now, into: &outbox)
            }
        }
        return (endpoint, outbox)
    }

    @Test("a liar has it pinged, and no more")
    func liar() {
        let lie = Dot(host: host("b"), epoch: Epoch(7), counter: 9)
        let testimony = Testimony(subject: lie, age: .zero, isTrusted: true)
        let (endpoint, outbox) = afterLies(entries: [lie], testimonies: [testimony], others: ["d", "e"])
        #expect(endpoint.monitor.state(ofPeer: 0) == .left)
        #expect(!endpoint.monitor.evidence(of: 0).probes.isEmpty)
        #expect(!outbox.notices.contains { [.suspect, .pending].contains($0.kind) && $0.peer == host("b") })
    }

    @Test("where there is one witness, it is enough")
    func onlyWitness() {
        let news = Dot(host: host("b"), epoch: Epoch(7), counter: 9)
        let testimony = Testimony(subject: news, age: .zero, isTrusted: true)
        let (endpoint, _) = afterLies(entries: [news], testimonies: [testimony], others: [])
        #expect(endpoint.monitor.state(ofPeer: 0) == .suspected)
        #expect(endpoint.monitor.report(ofPeer: 0).verdict?.cause == .link)
    }

    @Test("news of the incarnation that said goodbye is of its last events")
    func lastEvents() {
        let news = Dot(host: host("b"), epoch: Epoch(1), counter: 9)
        let testimony = Testimony(subject: news, age: .zero, isTrusted: true)
        let (endpoint, _) = afterLies(entries: [news], testimonies: [testimony], others: [])
        #expect(endpoint.monitor.state(ofPeer: 0) == .left)
        #expect(endpoint.monitor.evidence(of: 0).probes.isEmpty)
    }

    /// A host whose peer `b` has left; what seems to be of it is refused from `first` to `last` seconds after that.
    private func afterRefusals(_ first: Int, _ last: Int, to end: Int) -> Endpoint {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        endpoint.turn(datagram(.heartbeat), at: start, into: &outbox)
        endpoint.turn(datagram(.leave, counter: 2, sequence: 2), at: start, into: &outbox)
        for step in 1...(end * 10) {
            let now = start + .milliseconds(100) * Int64(step)
            let number = UInt64(step)
            endpoint.turn(
                datagram(.heartbeat, from: "c", counter: number, sequence: number, sent: now), from: 2,
                at: now, into: &outbox)
            guard (first * 10...last * 10).contains(step) else { continue }
            endpoint.turn(datagram(.heartbeat, to: "z"), at: now, into: &outbox)
        }
        return endpoint
    }

    @Test("datagrams that are refused show it, and give no vote, then and afterwards")
    func refused() {
        for end in [18, 40] {
            let endpoint = afterRefusals(11, 18, to: end)
            #expect(endpoint.monitor.state(ofPeer: 0) == .suspected)
            #expect(endpoint.monitor.peers[0].suspicion?.hasVote == false)
            #expect(endpoint.monitor.evidence(of: 0).isBackUnheard)
            let snapshot = endpoint.monitor.snapshot(at: start + .seconds(Int64(end)))
            let resumed = Monitor(
                resuming: snapshot, peers: [settings("b"), settings("c")], seed: 9,
                at: start + .seconds(Int64(end) + 1))
            #expect(resumed.state(ofPeer: 0) == .left)
        }
    }

    @Test("copies of its goodbye do not, nor does what is over before it is missed")
    func copies() {
        #expect(afterRefusals(1, 9, to: 20).monitor.state(ofPeer: 0) == .left)
        #expect(afterRefusals(11, 12, to: 20).monitor.state(ofPeer: 0) == .left)
    }
}

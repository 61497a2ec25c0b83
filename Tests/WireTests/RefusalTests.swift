import CausalClock
import Glibc
import Testing

@testable import FailureDetection
@testable import Wire

@Suite("refusals")
struct RefusalTests {
    private func refusal(of datagram: [UInt8]) -> Refusal? {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        endpoint.setWallClock(seconds: Epoch.origin + 1_000)
        var outbox = Outbox()
        endpoint.turn(WireTests.datagram(.heartbeat, epoch: 3, sequence: 200), at: start, into: &outbox)
        let (accepted, dot) = (endpoint.accepted, endpoint.monitor.clock.dot)
        let entries = endpoint.monitor.clock.entries
        outbox.removeAll()
        endpoint.receive(datagram.span, from: loopback(7), arrived: start, at: start, into: &outbox)
        let refusals = Refusal.allCases.filter { endpoint.count(of: $0) > 0 }
        guard refusals.count == 1 else { return nil }
        #expect(endpoint.accepted == accepted && endpoint.monitor.clock.dot == dot)
        #expect(endpoint.monitor.clock.entries == entries)
        #expect(outbox.remarks.map(\.refusal) == refusals && outbox.remarks.map(\.source) == [loopback(7)])
        #expect(outbox.datagrams.isEmpty, "nothing refused is answered")
        return refusals.first
    }

    @Test("each kind of bad datagram is refused for its own reason, and changes nothing")
    func reasons() {
        #expect(refusal(of: datagram(.heartbeat, epoch: 3, sequence: 201)) == nil)
        #expect(refusal(of: datagram(.heartbeat, epoch: 3, sequence: 200)) == .duplicate)
        #expect(refusal(of: datagram(.heartbeat, epoch: 3, sequence: 199)) == nil)
        #expect(refusal(of: datagram(.ping(nonce: 1), epoch: 3, sequence: 135)) == .outdated)
        #expect(refusal(of: datagram(.ping(nonce: 1), epoch: 2, sequence: 900)) == .oldEpoch)
        #expect(refusal(of: datagram(.ping(nonce: 1), epoch: 1_000 + 86_400)) == nil)
        #expect(refusal(of: datagram(.ping(nonce: 1), epoch: 1_000 + 86_401)) == .futureEpoch)
        #expect(refusal(of: datagram(.ping(nonce: 1), epoch: 365 * 86_400)) == .futureEpoch)
        #expect(refusal(of: datagram(.ping(nonce: 1), from: "x")) == .unknownPeer)
        #expect(refusal(of: datagram(.ping(nonce: 1), from: "a")) == .ownIdentity)
        #expect(refusal(of: datagram(.ping(nonce: 1), to: "c")) == .misaddressed)
        #expect(
            refusal(of: datagram(.pong(nonce: 1, waited: .zero), epoch: 3, sequence: 300)) == .unsolicited)
        #expect(refusal(of: [2] + datagram(.ping(nonce: 1)).dropFirst()) == .version)
        #expect(
            refusal(of: resealed([1, 1] + datagram(.ping(nonce: 1)).dropFirst(2))) == .sealed)
        #expect(refusal(of: resealed([1, 2] + datagram(.ping(nonce: 1)).dropFirst(2))) == .malformed)
        #expect(refusal(of: []) == .malformed)
    }

    @Test(
        "a sealed ping of an epoch that is ahead of this host's clock is answered, and a replay of it is not")
    func incrediblePing() {
        var endpoint = endpoint("a", peers: [settings("b")])
        endpoint.setWallClock(seconds: Epoch.origin + 1_000)
        endpoint.monitor.requiresFreshness = true
        var outbox = Outbox()
        let ahead: UInt64 = 1_000 + 86_401
        let first = datagram(.ping(nonce: 1), epoch: ahead, sequence: 1)
        let answers = [first, first, datagram(.ping(nonce: 2), epoch: ahead, sequence: 2), first].map {
            ping in
            outbox.removeAll()
            endpoint.receive(ping.span, from: loopback(1), arrived: start, at: start, into: &outbox)
            return outbox.datagrams.count
        }
        #expect(answers == [1, 0, 1, 0])
        #expect(endpoint.count(of: .futureEpoch) == 4 && endpoint.accepted == 0)
    }

    @Test("every doubling is worth a line, so a flood writes a few")
    func remarks() {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        let replay = datagram(.heartbeat)
        for _ in 0..<101 { endpoint.turn(replay, at: start, into: &outbox) }
        #expect(outbox.remarks.map(\.count) == [1, 2, 4, 8, 16, 32, 64])
        #expect(outbox.remarks.allSatisfy { $0.refusal == .duplicate })
        #expect(endpoint.count(of: .duplicate) == 100)
        let stranger = datagram(.heartbeat, from: "x")
        endpoint.turn(stranger, at: start, into: &outbox)
        #expect(outbox.remarks.last?.refusal == .unknownPeer && outbox.remarks.last?.count == 1)
    }

    @Test("a flood of strangers hides nothing that comes from the address of a peer, and no peer another")
    func origins() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        let junk: [UInt8] = [1, 2, 3]
        for _ in 0..<70_000 {
            endpoint.receive(junk.span, from: loopback(9), arrived: start, at: start, into: &outbox)
        }
        outbox.removeAll()
        for port in [1, 2, 1] as [UInt16] {
            endpoint.receive(junk.span, from: loopback(port), arrived: start, at: start, into: &outbox)
        }
        #expect(outbox.remarks.map(\.peer) == [host("b"), host("c"), host("b")])
        #expect(outbox.remarks.map(\.count) == [1, 1, 2])
        #expect(endpoint.refusals(fromPeer: 0)?.tally(of: .malformed)?.count == 2)
        #expect(endpoint.refusals(fromPeer: 0)?.latest == .malformed)
        #expect(
            endpoint.refusals(fromPeer: 1)?.count == 1
                && endpoint.refusals(fromPeer: 1)?.source == loopback(2))
        #expect(endpoint.refusalsFromStrangers?.count == 70_000)
        #expect(endpoint.count(of: .malformed) == 70_003)
    }

    @Test("what is refused after ten quiet minutes is reported again, however many came before")
    func quiet() {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        let refuse = { (endpoint: inout Endpoint, outbox: inout Outbox, seconds: Int64) in
            let now = start + .seconds(seconds)
            endpoint.receive([9].span, from: loopback(1), arrived: now, at: now, into: &outbox)
        }
        for _ in 0..<100 { refuse(&endpoint, &outbox, 0) }
        outbox.removeAll()
        refuse(&endpoint, &outbox, 599)
        #expect(outbox.remarks.isEmpty)
        for _ in 0..<3 { refuse(&endpoint, &outbox, 1_199) }
        #expect(outbox.remarks.map(\.count) == [102, 103])
        #expect(endpoint.refusals(fromPeer: 0)?.tally(of: .malformed)?.last == start + .seconds(1_199))
    }

    @Test("what is kept of refusals follows the peers through a reload, and their addresses")
    func rearranged() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        endpoint.receive([9].span, from: loopback(2), arrived: start, at: start, into: &outbox)
        endpoint.retune([settings("c"), settings("d")], at: start)
        #expect(endpoint.refusals(fromPeer: 0)?.count == 1 && endpoint.refusals(fromPeer: 1) == nil)
        endpoint.setAddress(loopback(5), ofPeer: 0)
        endpoint.receive([9].span, from: loopback(2), arrived: start, at: start, into: &outbox)
        endpoint.receive([9].span, from: loopback(5), arrived: start, at: start, into: &outbox)
        #expect(endpoint.refusals(fromPeer: 0)?.count == 2)
        #expect(endpoint.refusalsFromStrangers?.count == 1)
    }

    @Test("our own datagrams that come back from the address of a peer are no sign that it sends")
    func reflected() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        var outbox = Outbox()
        endpoint.wake(at: start, into: &outbox)
        let own = outbox.datagrams.filter { $0.destination == loopback(1) }.map(outbox.bytes)
        #expect(!own.isEmpty)
        outbox.removeAll()
        for datagram in own { endpoint.turn(datagram, from: 1, at: start, into: &outbox) }
        #expect(endpoint.refusals(fromPeer: 0)?.latest == .reflected)
        #expect(endpoint.monitor.evidence(of: 0).unproved.count == 0)
        // Of another host they are.
        endpoint.turn(datagram(.heartbeat, from: "c", to: "b"), from: 1, at: start, into: &outbox)
        #expect(endpoint.monitor.evidence(of: 0).unproved.count == 1)
    }

    @Test("the owner of an address is found as by a check of all peers, whatever moves to where")
    func index() {
        var endpoint = endpoint("a", peers: (10..<40).map { settings("p\($0)") })
        var generator = SplitMix64(seed: 7)
        for round in 0..<3_000 {
            let place = Int(generator.next() % 30)
            let port = UInt16(generator.next() % 24)
            if round > 100 { endpoint.setAddress(port == 0 ? nil : loopback(port), ofPeer: place) }
            let sought = loopback(UInt16(generator.next() % 40))
            #expect(endpoint.peers(at: sought) == (0..<30).filter { endpoint.address(ofPeer: $0) == sought })
        }
    }

    @Test("a report of a closed port, or a refused datagram, costs no walk through thousands of peers")
    func cost() throws {
        var endpoint = endpoint("a", peers: (10_000..<14_000).map { settings("p\($0)") })
        var outbox = Outbox()
        var time = [timespec(), timespec()]
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time[0])
        let quote: [UInt8] = []
        for round in 0..<20_000 as Range<UInt16> {
            endpoint.portUnreachable(
                loopback(20_000 + round), reportedBy: nil, quoting: quote.span, at: start, into: &outbox)
            endpoint.forgetPath(to: loopback(20_000 + round))
        }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time[1])
        #expect(time[1].tv_sec - time[0].tv_sec < 3)
    }

    @Test("a datagram of an unknown peer is remarked on with the id that it claims")
    func claimed() {
        var endpoint = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        endpoint.turn(datagram(.heartbeat, from: "x.example"), at: start, into: &outbox)
        #expect(outbox.remarks.map(\.claimedID) == [host("x.example")])
    }

    @Test("the names under which refusals are counted differ")
    func names() { #expect(Set(Refusal.allCases.map(\.name)).count == Refusal.allCases.count) }

    @Test("new settings keep the address of a peer that stays")
    func retune() {
        var endpoint = endpoint("a", peers: [settings("b"), settings("c")])
        endpoint.retune([settings("c"), settings("d")], at: start)
        #expect(endpoint.address(ofPeer: 0) == loopback(2) && endpoint.address(ofPeer: 1) == nil)
        var outbox = Outbox()
        endpoint.wake(at: start, into: &outbox)
        #expect(
            outbox.datagrams.map(\.destination) == [loopback(2)],
            "to a peer without an address nothing is sent")
    }
}

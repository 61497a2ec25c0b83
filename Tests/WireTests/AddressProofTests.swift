import CausalClock
import FailureDetection
import Testing

@testable import Wire

@Suite("an address is good if datagrams that are sent to it are acknowledged")
struct AddressProofTests {
    private let here = loopback(1)
    private let there = loopback(2)

    private func acknowledgement(_ highest: UInt64, _ bitmap: UInt64 = 0) -> LinkAcknowledgement {
        LinkAcknowledgement(highest: highest, bitmap: bitmap, delay: .zero)
    }

    private func proof() -> AddressProof {
        var proof = AddressProof()
        proof.move(to: here)
        return proof
    }

    @Test("an acknowledgement of what went elsewhere proves nothing of the present address")
    func elsewhere() {
        var proof = proof()
        for number in 1...40 as ClosedRange<UInt64> {
            let now = start + .milliseconds(100) * Int64(number)
            proof.sent(number, to: number.isMultiple(of: 2) ? here : loopback(9), at: now)
            let odd = number - (number + 1) % 2
            let isProved = proof.learn(acknowledgement(odd, 0xAAAA_AAAA_AAAA_AAAA), at: now)
            #expect(!isProved)
            #expect(!proof.isProved(at: now, patience: .seconds(60)))
        }
        #expect(proof.present?.waitingSince == start + .milliseconds(200))
    }

    @Test("one acknowledgement proves it, until one has been waited for longer than the patience")
    func patience() {
        var proof = proof()
        proof.sent(1, to: here, at: start)
        _ = proof.learn(acknowledgement(1), at: start)
        #expect(proof.isProved(at: start + .seconds(3_600), patience: .seconds(1)))
        proof.sent(2, to: here, at: start + .seconds(5))
        #expect(proof.isProved(at: start + .seconds(6), patience: .seconds(1)))
        #expect(!proof.isProved(at: start + .milliseconds(6_001), patience: .seconds(1)))
        // The same acknowledgement again is none of what was sent since.
        _ = proof.learn(acknowledgement(1), at: start + .seconds(6))
        #expect(!proof.isProved(at: start + .seconds(7), patience: .seconds(1)))
    }

    @Test("another address is proved by the number that went there, also when later ones were got before")
    func candidate() {
        var proof = proof()
        proof.ask(there)
        proof.sent(7, to: there, at: start)
        for number in 8...20 as ClosedRange<UInt64> { proof.sent(number, to: here, at: start) }
        let others = proof.learn(acknowledgement(20, 0b1111_1111_1111 & ~(1 << 12)), at: start)
        #expect(!others)
        let isProved = proof.learn(acknowledgement(20, 1 << 12), at: start + .seconds(1))
        #expect(isProved && proof.others.first?.acknowledged == start + .seconds(1))
        proof.move(to: there)
        #expect(proof.isProved(at: start + .seconds(1), patience: .seconds(1)))
        #expect(proof.others.map(\.address) == [here])
    }

    @Test("what goes elsewhere, however much it is, does not lose the numbers of what went to an address")
    func manyElsewhere() {
        var proof = proof()
        proof.ask(there)
        proof.sent(1, to: here, at: start)
        proof.sent(2, to: there, at: start)
        for number in 3...200 as ClosedRange<UInt64> { proof.sent(number, to: loopback(9), at: start) }
        // The acknowledgement was long in coming.
        let isProved = proof.learn(acknowledgement(2, 1), at: start + .seconds(1))
        #expect(isProved && proof.present?.acknowledged == start + .seconds(1))
        #expect(proof.present?.waitingSince == nil)
    }

    @Test("what is lost on the way to one address counts for it alone, and each datagram once")
    func outcomes() {
        var proof = proof()
        proof.ask(there)
        var bitmap: UInt64 = 0
        for number in 1...100 as ClosedRange<UInt64> {
            // All odd ones go there and arrive, of the even ones every other.
            proof.sent(number, to: number % 2 == 1 ? there : here, at: start)
            if number % 4 != 0 { _ = proof.learn(acknowledgement(number, bitmap), at: start) }
            bitmap = bitmap << 1 | (number % 4 != 0 ? 1 : 0)
        }
        #expect(proof.present?.outcomes.count == 32 && proof.present?.outcomes.lost == 16)
        #expect(proof.others.first?.outcomes.count == 32 && proof.others.first?.outcomes.lost == 0)
        proof.beginComparison()
        #expect(proof.present?.outcomes.count == 0 && proof.others.first?.outcomes.count == 0)
    }

    @Test("numbers that were never sent, and those that are forgotten, prove nothing")
    func nonsense() {
        var proof = proof()
        proof.sent(1, to: here, at: start)
        for highest in [0, 2, .max] as [UInt64] {
            _ = proof.learn(acknowledgement(highest, .max), at: start)
        }
        for number in 2...34 as ClosedRange<UInt64> { proof.sent(number, to: here, at: start) }
        _ = proof.learn(acknowledgement(1, .max), at: start)
        #expect(proof.present?.acknowledged == nil)
    }

    @Test("no more than eight others are kept")
    func bound() {
        var proof = proof()
        for port in 2..<40 as Range<UInt16> { proof.ask(loopback(port)) }
        #expect(proof.others.count == AddressProof.limit)
    }
}

@Suite("asking for addresses")
struct AskingTests {
    @Test(
        "one ping goes to the other address; what the peer acknowledges is reported, and nothing is held against it"
    )
    func asking() throws {
        var (a, b) = (endpoint("a", peers: [settings("b")]), endpoint("b", peers: [settings("a")]))
        var outbox = Outbox()
        a.ask(loopback(44), ofPeer: 0, at: start, into: &outbox)
        let ping = try #require(outbox.datagrams.first)
        #expect(outbox.datagrams.count == 1 && ping.destination == loopback(44) && ping.peer == 0)
        var answers = Outbox()
        b.turn(outbox.bytes(ping), from: 9, at: start, into: &answers)
        let pong = try #require(answers.datagrams.first { $0.destination == loopback(9) })
        #expect(outbox.addressNews.isEmpty && !a.proof(ofPeer: 0).others.isEmpty)
        a.turn(answers.bytes(pong), from: 44, at: start + .milliseconds(1), into: &outbox)
        let isReported = outbox.addressNews.contains { if case .proved(peer: 0) = $0 { true } else { false } }
        #expect(isReported)
        #expect(a.address(ofPeer: 0) == loopback(1) && a.source(ofPeer: 0) == loopback(44))
    }

    @Test("a ping that asks for an address is no ping of a round: unanswered, it is no evidence")
    func noEvidence() {
        var a = endpoint("a", peers: [settings("b")])
        var outbox = Outbox()
        a.ask(loopback(44), ofPeer: 0, at: start, into: &outbox)
        #expect(a.monitor.evidence(of: 0).probes.isEmpty)
    }

    @Test(
        "a pong leaves by the path that its ping came in by, heartbeats by that of the peer's latest message")
    func paths() throws {
        var (a, b) = (endpoint("a", peers: [settings("b")]), endpoint("b", peers: [settings("a")]))
        var outbox = Outbox()
        a.ask(loopback(1), ofPeer: 0, at: start, into: &outbox)
        let path = LocalPath(socket: 3, address: loopback(0))
        var answers = Outbox()
        b.receive(
            outbox.bytes(outbox.datagrams[0]).span, from: loopback(1), through: path, arrived: start,
            at: start, into: &answers)
        #expect(answers.datagrams.first?.path == path)
        // Sequences alternate while nothing is acknowledged: one of two tries it without.
        var paths: [LocalPath?] = []
        for number in 1...4 as ClosedRange<Int64> {
            var beats = Outbox()
            b.wake(at: start + .milliseconds(120) * number, into: &beats)
            paths += beats.datagrams.map(\.path)
        }
        #expect(paths.contains(path) && paths.contains(nil))
        b.forgetPath(to: loopback(1))
        var beats = Outbox()
        b.wake(at: start + .seconds(1), into: &beats)
        #expect(!beats.datagrams.isEmpty && beats.datagrams.allSatisfy { $0.path == nil })
    }
}

import CausalClock
import TestSupport
import Testing

@testable import FailureDetection
@testable import Sealing
@testable import Wire

@Suite("what is held back on the path, and delivered when its sender is dead")
struct HeldBackTests {
    /// Longer than any of these tests.
    private let forever = TimeSpan.seconds(3_600)

    /// What side 1 has sent since a number of datagrams had been.
    private func sent(_ pair: SealedPair, since known: Int) -> [[UInt8]] {
        pair.recorded[known...].filter { $0.to == 0 }.map(\.bytes)
    }

    /// Delivers datagrams at the pace at which heartbeats are sent.
    private func play(_ datagrams: [[UInt8]], in pair: inout SealedPair) {
        for bytes in datagrams {
            pair.inject(bytes, to: 0)
            pair.run(.milliseconds(100))
        }
    }

    @Test(
        "an answer that comes too late to prove a new incarnation does not let what follows it pass for incarnation"
    )
    func lateAnswer() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        pair.restart(1, epoch: 8, keyring: try keyring(1))
        pair.run(.milliseconds(1))
        let known = pair.recorded.count
        pair.delay[0] = forever
        pair.run(.seconds(2))
        pair.isDown[1] = true
        pair.delay[0] = .milliseconds(2)
        #expect(pair.state(0) == .suspected)
        play(sent(pair, since: known), in: &pair)
        #expect(pair.endpoints[0].monitor.epoch(ofPeer: 0) == Epoch(7), "a late answer begins no life")
        #expect(pair.state(0) == .suspected)
        #expect(pair.notices[0].filter { $0 == .trust }.count == 1)
    }

    @Test("what was sent while a peer was not watched does not pass for incarnation when it is watched again")
    func returned() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        let known = pair.recorded.count
        pair.endpoints[0].retune([], at: pair.now)
        pair.run(.seconds(2))
        pair.isDown[1] = true
        pair.endpoints[0].retune([settings("b")], at: pair.now)
        pair.endpoints[0].setAddress(loopback(2), ofPeer: 0)
        play(sent(pair, since: known), in: &pair)
        #expect(pair.state(0) != .trusted)
        #expect(pair.notices[0].filter { $0 == .trust }.count == 1)
        pair.isDown[1] = false
        pair.run(.seconds(1))
        #expect(pair.state(0) == .trusted)
    }

    @Test("heartbeats that all come late by as much end no suspicion before a ping is answered")
    func jump() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        pair.run(.seconds(2))
        pair.delay[0] = forever
        pair.run(.seconds(1))
        #expect(pair.state(0) == .suspected)
        let known = pair.recorded.count
        pair.run(.seconds(3))
        pair.isDown[1] = true
        pair.delay[0] = .milliseconds(2)
        play(sent(pair, since: known), in: &pair)
        #expect(pair.state(0) == .suspected)
        #expect(pair.notices[0].filter { $0 == .trust }.count == 1)
    }

    @Test("a restart of the observer is not seen on a long way either, where peers are not pinged")
    func longWay() throws {
        var pair = SealedPair(try keyring(1), try keyring(1))
        var quiet = settings("b")
        quiet.mode = .heartbeat
        pair.delay = [.milliseconds(150), .milliseconds(150)]
        pair.endpoints[0].retune([quiet], at: pair.now)
        pair.run(.seconds(3))
        #expect(pair.state(0) == .trusted)
        let memory = pair.endpoints[0].monitor.snapshot(at: pair.now)
        var resumed = Endpoint(Monitor(resuming: memory, peers: [quiet], seed: 99, at: pair.now))
        resumed.setAddress(loopback(2), ofPeer: 0)
        resumed.setSealer(try keyring(1))
        pair.endpoints[0] = resumed
        pair.run(.seconds(2))
        #expect(pair.state(0) == .trusted)
        #expect(!pair.notices[0].contains(.suspect))
    }
}

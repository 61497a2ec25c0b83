import CausalClock
import Testing

@testable import FailureDetection

/// What an outage, a jump of a clock, or a reload leaves behind must not make the next verdict worse.
@Suite("after an outage")
struct OutageTests {
    private let start = Instant(nanoseconds: 0)

    @Test(
        "a patience that was learnt from one long silence vouches for nothing once it is shorter, whatever was forgiven",
        arguments: [false, true])
    func shorterPatience(isForgiven: Bool) {
        var settings = OutageTests.peerSettings("b")
        (settings.interval, settings.detector) = (.seconds(1), .exponential(threshold: 8))
        var peer = Peer(settings, at: start)
        peer.beginIncarnation(Epoch(1))
        // The heartbeats of ten seconds are lost.
        let numbers = [1, 12] + Array(13...53 as ClosedRange<UInt64>)
        var time = start
        for number in numbers {
            time = start + .seconds(Int64(number))
            let sign = LifeSign(sent: time, arrived: time)
            _ = peer.receiver.receive(number, at: time, sent: time, isCounted: true, interval: .seconds(1))
            peer.heard(heartbeat: sign)
            peer.heard(message: sign)
            if peer.state == .unknown { peer.become(.trusted, at: time) }
            guard number == 12 else { continue }
            #expect(peer.deadline > time + .seconds(60), "it has learnt a long silence")
            if isForgiven { peer.forgive(.zero, at: time) }
        }
        #expect(peer.patience < .seconds(30) && peer.deadline <= time + peer.patience + .seconds(1))
    }

    @Test("a peer that announces a shorter interval is judged by it, also where no heartbeat follows")
    func shorterInterval() {
        var peer = peer()
        let now = start + .seconds(2)
        peer.adopt(interval: .seconds(10), at: now)
        peer.heard(heartbeat: LifeSign(sent: now, arrived: now))
        #expect(peer.deadline > now + .seconds(9))
        peer.adopt(interval: .milliseconds(50), at: now + .milliseconds(10))
        #expect(peer.deadline <= now + .milliseconds(10) + peer.patience)
    }

    private func peer() -> Peer {
        var peer = Peer(OutageTests.peerSettings("b"), at: start)
        peer.beginIncarnation(Epoch(1))
        for number in 1...20 as ClosedRange<Int64> {
            let time = start + .milliseconds(100) * number
            peer.heard(heartbeat: LifeSign(sent: time, arrived: time))
        }
        peer.become(.trusted, at: start + .seconds(2))
        return peer
    }

    static func peerSettings(_ name: String) -> PeerSettings {
        guard let id = HostID(name) else { preconditionFailure("\(name) is no id") }
        return PeerSettings(
            id: id, mode: .heartbeatAndPing, interval: .milliseconds(100),
            detector: .median(margin: .milliseconds(10)), retries: 5, minimumTimeout: .milliseconds(10),
            maximumTimeout: .seconds(1), startupGrace: .seconds(2))
    }

    @Test("a round trip that began before the silence ended is no sample")
    func heldUpDatagrams() {
        var peer = peer()
        peer.record(roundTrip: .milliseconds(1), endedAt: start + .seconds(2))
        peer.become(.suspected, at: start + .seconds(3))
        peer.record(roundTrip: .seconds(2), endedAt: start + .seconds(5))
        peer.become(.trusted, at: start + .seconds(5))
        peer.endSilence(at: start + .seconds(5))
        peer.record(roundTrip: .seconds(2), endedAt: start + .milliseconds(5_100))
        #expect(peer.roundTrip.smoothed == .milliseconds(1))
        peer.record(roundTrip: .milliseconds(9), endedAt: start + .seconds(6))
        #expect(peer.roundTrip.smoothed == .milliseconds(2))
    }

    @Test("a peer that is no longer only asked has the time until its next heartbeat")
    func noLongerAsked() {
        var peer = peer()
        var asked = peer.settings
        asked.mode = .ping
        peer.retune(asked, at: start + .milliseconds(2_050))
        let heard = start + .milliseconds(2_100)
        peer.adopt(interval: .milliseconds(200), at: heard)
        peer.heard(heartbeat: LifeSign(sent: heard, arrived: heard))
        #expect(peer.deadline <= heard + .milliseconds(110), "our own interval")
        asked.mode = .heartbeat
        peer.retune(asked, at: start + .milliseconds(2_150))
        #expect(peer.deadline == heard + .milliseconds(210))
    }

    @Test("a host that stalls most of the time keeps no consumer from its verdict")
    func consumersPatience() throws {
        var peer = peer()
        let last = start + .seconds(2)
        var now = last
        var longest = last
        // It stands still for 300 of every 310 ms, and nothing arrives.
        for _ in 0..<200 {
            now = now + .milliseconds(310)
            peer.forgive(.milliseconds(300), at: now)
            longest = max(longest, try #require(peer.deadline(reaching: .silence(.seconds(1)))))
        }
        // Twice the stall and the interval, and four times the interval and the margin.
        #expect(longest > last + .seconds(1))
        #expect(longest <= last + .seconds(1) + .milliseconds(2 * (300 + 100) + 4 * (100 + 10)))
    }

    @Test("a ping whose stamp lies ahead vouches no longer than a heartbeat would")
    func stampsAhead() {
        var peer = peer()
        let arrived = start + .milliseconds(2_050)
        peer.heard(message: LifeSign(sent: arrived + .seconds(600), arrived: arrived))
        #expect(peer.deadline <= arrived + .milliseconds(110))
    }

    @Test("a suspected peer has no deadline to come, even when a closed port ended the patience early")
    func closedPort() {
        var peer = peer()
        peer.become(.suspected, at: start + .milliseconds(2_010))
        #expect(peer.deadline == start + .milliseconds(2_010))
    }

    @Test("a round of pings costs one timeout after the last one; a target plans just that round")
    func round() throws {
        var peer = peer()
        peer.record(roundTrip: .milliseconds(40), endedAt: start + .seconds(2))
        #expect(peer.pingTimeout == .milliseconds(120))
        #expect(peer.pingRound.length == .milliseconds(5 * 25 + 120))
        var settings = Self.peerSettings("b")
        settings.target = QualityTarget(
            detectionTime: .seconds(1), mistakeRecurrence: .seconds(86_400), mistakeDuration: .seconds(60))
        var planned = Peer(settings, at: start)
        planned.record(roundTrip: .milliseconds(1), endedAt: start + .seconds(2))
        let plan = try #require(planned.tuner).plan
        #expect(planned.pingRound.length == plan.pinging)
    }

    @Test(
        "after a pause one heartbeat is sent in a turn, whatever the jitter",
        arguments: 1...40 as ClosedRange<UInt64>)
    func jitterAfterPause(seed: UInt64) throws {
        var settings = Self.peerSettings("b")
        settings.jitter = 90
        let own = try #require(HostID("a"))
        var monitor = Monitor(id: own, epoch: Epoch(9), peers: [settings], seed: seed, at: start)
        var effects = Effects()
        monitor.handle(.wake, at: start, into: &effects)
        for pause in [1_099, 3_197, 4_295] as [Int64] {
            effects = Effects()
            monitor.handle(.wake, at: start + .milliseconds(pause), into: &effects)
            #expect(effects.items.count { $0.isHeartbeat } == 1)
        }
    }

    @Test(
        "an answer that was under way for too long begins no incarnation of its sender, and leaves no deadline behind"
    )
    func lateAnswerOfNewLife() throws {
        var settings = Self.peerSettings("b")
        settings.mode = .ping
        settings.maximumTimeout = .milliseconds(50)
        let (own, peer) = (try #require(HostID("a")), settings.id)
        var monitor = Monitor(id: own, epoch: Epoch(9), peers: [settings], seed: 3, at: start)
        var effects = Effects()
        monitor.handle(.wake, at: start, into: &effects)
        let nonce = try #require(effects.items.compactMap(\.nonce).first)
        let arrived = start + .milliseconds(90)
        let pong = InboundMessage(
            dot: Dot(host: peer, epoch: Epoch(4), counter: 1), sequence: 1, sent: start + .seconds(1),
            arrived: arrived, interval: .milliseconds(100), body: .pong(nonce: nonce, waited: .zero),
            acknowledgedEpoch: nil,
            acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero), clock: [])
        monitor.handle(.received(pong), at: arrived, into: &effects)
        #expect(monitor.epoch(ofPeer: 0) == nil && monitor.state(ofPeer: 0) == .unknown)
        #expect(monitor.report(ofPeer: 0).deadline == start + .seconds(2))
    }

    @Test("a peer that is removed and added again finds its link's numbers continuing")
    func removedAndAdded() throws {
        let settings = Self.peerSettings("b")
        let own = try #require(HostID("a"))
        var monitor = Monitor(id: own, epoch: Epoch(9), peers: [settings], seed: 1, at: start)
        var effects = Effects()
        monitor.handle(.wake, at: start, into: &effects)
        monitor.handle(.wake, at: start + .milliseconds(100), into: &effects)
        monitor.retune([], at: start + .milliseconds(150))
        monitor.retune([settings], at: start + .milliseconds(160))
        monitor.handle(.wake, at: start + .milliseconds(160), into: &effects)
        let sequences = effects.items.compactMap { effect -> UInt64? in
            guard case .send(let outgoing) = effect else { return nil }
            return outgoing.sequence
        }
        #expect(sequences == [1, 2, 3])
    }
}

extension Effect {
    fileprivate var isHeartbeat: Bool {
        if case .send(let outgoing) = self, outgoing.body == .heartbeat { true } else { false }
    }

    fileprivate var nonce: UInt64? {
        guard case .send(let outgoing) = self, case .ping(let nonce) = outgoing.body else { return nil }
        return nonce
    }
}

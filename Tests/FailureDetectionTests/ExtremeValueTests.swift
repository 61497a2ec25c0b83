import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// No number that a message can carry may trap: that would be a remote kill switch.
@Suite("extreme values")
struct ExtremeValueTests {
    private let now = Instant(nanoseconds: 5_000_000_000)

    private func monitor(_ detector: DetectorChoice, mode: MonitoringMode = .heartbeatAndPing) -> Monitor {
        Monitor(
            id: host("a"), epoch: Epoch(5), peers: [peer("b", mode: mode, detector: detector), peer("c")],
            seed: 1,
            at: now)
    }

    private func reception(_ generator: inout SeededGenerator, sequence: UInt64) -> InboundMessage {
        let edges: [Int64] = [0, 1, .max / 2, .max - 1, .max]
        func edge(_ generator: inout SeededGenerator) -> Int64 { edges.randomElement(using: &generator) ?? 0 }
        let numbers: [UInt64] = [0, 1, 63, 64, 65, (1 << 53) - 1, .max - 1, .max]
        func number(_ generator: inout SeededGenerator) -> UInt64 {
            numbers.randomElement(using: &generator) ?? 0
        }
        let bodies: [InboundMessage.Body] = [
            .heartbeat, .heartbeat, .ping(nonce: .max), .pong(nonce: number(&generator), waited: .maximum),
        ]
        return InboundMessage(
            dot: Dot(host: host("b"), epoch: Epoch(1), counter: VectorClock.maximumCounter),
            sequence: sequence,
            sent: Instant(nanoseconds: edge(&generator)), arrived: now,
            interval: TimeSpan(nanoseconds: edge(&generator)),
            body: bodies.randomElement(using: &generator) ?? .heartbeat,
            acknowledgedEpoch: Bool.random(using: &generator) ? Epoch(5) : Epoch(.max),
            acknowledgement: LinkAcknowledgement(
                highest: number(&generator), bitmap: number(&generator),
                delay: TimeSpan(nanoseconds: edge(&generator))),
            clock: [
                Dot(host: host("a"), epoch: Epoch(number(&generator)), counter: VectorClock.maximumCounter),
                Dot(host: host("c"), epoch: Epoch(number(&generator)), counter: VectorClock.maximumCounter),
            ])
    }

    @Test(
        "a message with numbers at their ends is tolerated, and the peer still judged",
        arguments: 0..<40 as Range<UInt64>)
    func messages(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let detector: DetectorChoice =
            seed.isMultiple(of: 2) ? .median(margin: .milliseconds(10)) : .fixed(timeout: .maximum)
        var monitor = monitor(detector, mode: seed.isMultiple(of: 3) ? .ping : .heartbeatAndPing)
        var effects = Effects()
        var at = now
        for step in 1...120 as ClosedRange<UInt64> {
            effects.removeAll()
            let sequence = step > 100 ? (1 << 53) - 121 + step : step
            var message = reception(&generator, sequence: sequence)
            at = at + .milliseconds(.random(in: 0...50, using: &generator))
            message.arrived = at
            for event in [Event.turnBegan, .received(message), .wake] {
                monitor.handle(event, at: at, into: &effects)
            }
            #expect(monitor.nextDeadline.map { $0.instant > at } ?? false)
        }
        #expect(monitor.epoch(ofPeer: 0) == Epoch(1))
        #expect(monitor.report(ofPeer: 0).interval <= .seconds(3_600))
    }

    @Test("two stamps as far apart as stamps can be do not break the median")
    func stampsApart() {
        var monitor = monitor(.median(margin: .zero))
        var effects = Effects()
        for (sequence, sent) in [(1, Int64.max), (2, 0), (3, .max), (4, 0)] as [(UInt64, Int64)] {
            var generator = SeededGenerator(seed: 1)
            var message = reception(&generator, sequence: sequence)
            message.body = .heartbeat
            message.sent = Instant(nanoseconds: sent)
            message.arrived = now + .seconds(Int64(sequence))
            monitor.handle(.received(message), at: message.arrived, into: &effects)
            monitor.handle(.wake, at: message.arrived, into: &effects)
        }
        #expect(monitor.state(ofPeer: 0) != .unknown)
    }

    @Test("an announced interval is believed up to an hour, so that no peer can make itself unsuspectable")
    func longInterval() {
        var peer = Peer(peer("b"), at: now)
        peer.adopt(interval: .maximum, at: now)
        #expect(peer.interval == .seconds(3_600))
        peer.adopt(interval: TimeSpan(nanoseconds: 1), at: now)
        #expect(peer.interval == .milliseconds(1))
        peer.adopt(interval: .zero, at: now)
        #expect(peer.interval == .milliseconds(1))
    }

    @Test("a third host's incarnation that lies too far ahead is not taken over, whichever host reports it")
    func poisonedEntry() {
        var monitor = monitor(.median(margin: .zero))
        monitor.latestCredibleEpoch = Epoch(100)
        var effects = Effects()
        var generator = SeededGenerator(seed: 1)
        var message = reception(&generator, sequence: 1)
        message.clock = [Dot(host: host("c"), epoch: Epoch(101), counter: 1)]
        monitor.handle(.received(message), at: now, into: &effects)
        #expect(monitor.clock.latest(of: host("c")) == nil)
        message.sequence = 2
        message.clock = [Dot(host: host("c"), epoch: Epoch(100), counter: 1)]
        monitor.handle(.received(message), at: now, into: &effects)
        #expect(monitor.clock.latest(of: host("c"))?.epoch == Epoch(100))
    }

    @Test("settings at the ends of their ranges neither trap nor spin")
    func settings() {
        var wild = peer("b")
        wild.retries = 1_000
        wild.interval = .maximum
        wild.startupGrace = TimeSpan(nanoseconds: .min)
        wild.detector = .median(margin: .maximum)
        var monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: [wild], seed: 1, at: now)
        var effects = Effects()
        for step in 0..<10 as Range<Int64> {
            monitor.handle(.wake, at: now + .seconds(step), into: &effects)
            #expect(monitor.nextDeadline.map { $0.instant > now + .seconds(step) } ?? true)
        }
    }
}

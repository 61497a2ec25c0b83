import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// Strong completeness and accuracy, under random settings.
@Suite("a silent peer is suspected, any other is not")
struct CompletenessTests {
    /// A peer that sends heartbeats with some jitter, and answers pings, until it stops.
    private struct Scene {
        var monitor: Monitor
        var now = Instant(nanoseconds: 1_000_000_000)
        var notices: [Notice] = []
        var lastArrival = Instant(nanoseconds: 0)
        let settings: PeerSettings
        let jitter: Int64
        private var effects = Effects()
        private var generator: SeededGenerator
        private var sequence: UInt64 = 0
        private var sent: UInt64 = 0
        private var pongs: [UInt64] = []

        init(_ settings: PeerSettings, jitter: Int64, seed: UInt64) {
            self.settings = settings
            self.jitter = jitter
            generator = SeededGenerator(seed: seed)
            monitor = Monitor(id: host("a"), epoch: Epoch(5), peers: [settings], seed: seed, at: now)
        }

        /// Turns at every deadline up to `end`, as a loop that is never late.
        mutating func run(to end: Instant, answering: Bool) {
            while true {
                let due = monitor.nextDeadline?.instant ?? .never
                guard due < end else { break }
                now = max(now, due)
                turn([])
                if answering { answer() } else { pongs.removeAll() }
            }
            now = end
        }

        mutating func heartbeat() {
            let delay = TimeSpan.microseconds(.random(in: 0...jitter, using: &generator))
            turn([reception(.heartbeat, sent: now - delay)])
            if settings.mode == .ping { answer() }
        }

        private mutating func answer() {
            while !pongs.isEmpty {
                let nonces = pongs
                pongs.removeAll()
                turn(nonces.map { reception(.pong(nonce: $0, waited: .zero), sent: now) })
            }
        }

        private mutating func turn(_ events: [Event]) {
            for event in [.turnBegan] + events + [.wake] {
                effects.removeAll()
                monitor.handle(event, at: now, into: &effects)
                for effect in effects.items {
                    if case .notice(let notice) = effect { notices.append(notice) }
                    guard case .send(let outgoing) = effect else { continue }
                    self.sent = outgoing.sequence
                    if case .ping(let nonce) = outgoing.body { pongs.append(nonce) }
                }
            }
            if !events.isEmpty { lastArrival = now }
        }

        private mutating func reception(_ body: InboundMessage.Body, sent: Instant) -> Event {
            sequence += 1
            return .received(
                InboundMessage(
                    dot: Dot(host: host("b"), epoch: Epoch(1), counter: sequence), sequence: sequence,
                    sent: sent - .seconds(500), arrived: now, interval: settings.interval, body: body,
                    acknowledgedEpoch: Epoch(5),
                    acknowledgement: LinkAcknowledgement(highest: self.sent, bitmap: .max, delay: .zero),
                    clock: []))
        }
    }

    private func scene(seed: UInt64) -> Scene {
        var events = RandomEvents(seed: seed, peers: 1)
        var settings = events.settings(host("b"))
        let interval = settings.interval
        // A margin with capacity for the jitter; a fixed timeout must exceed the interval by the same.
        if case .fixed = settings.detector {
            settings.detector = .fixed(timeout: interval + .milliseconds(20))
        }
        if case .median = settings.detector { settings.detector = .median(margin: .milliseconds(20)) }
        settings.startupGrace = .seconds(5)
        return Scene(settings, jitter: 9_000, seed: seed)
    }

    @Test("a peer whose heartbeats come in time is never even pending", arguments: 0..<60 as Range<UInt64>)
    func accuracy(seed: UInt64) {
        var scene = scene(seed: seed)
        for _ in 0..<80 {
            scene.heartbeat()
            scene.run(to: scene.now + scene.settings.interval, answering: scene.settings.mode == .ping)
        }
        #expect(scene.notices.map(\.kind) == [.trust])
    }

    @Test(
        "a silent peer is suspected within interval, margin and the waits for pongs",
        arguments: 0..<60 as Range<UInt64>)
    func completeness(seed: UInt64) throws {
        var scene = scene(seed: seed)
        for _ in 0..<(Int(seed) % 40 + 1) {
            scene.run(to: scene.now + scene.settings.interval, answering: scene.settings.mode == .ping)
            scene.heartbeat()
        }
        scene.run(to: scene.now + .seconds(30), answering: false)
        let suspicion = try #require(scene.notices.last)
        #expect(suspicion.kind == .suspect)
        #expect(scene.notices.count { $0.kind == .suspect } == 1, "for good, and told once")
        let evidence = try #require(suspicion.evidence)
        let settings = scene.settings
        // In ping mode the deadline waits for the routine ping that is under way, and its pong.
        let margin = settings.detector.margin(at: settings.interval) + .milliseconds(9)
        let routine = settings.mode == .ping ? settings.maximumTimeout : .zero
        let waits =
            settings.mode == .heartbeat
            ? TimeSpan.zero : settings.maximumTimeout * Int64(settings.retries + 1)
        #expect(evidence.deadline <= scene.lastArrival + settings.interval + margin + routine)
        #expect(
            suspicion.at <= scene.lastArrival + settings.interval + margin + routine + waits + settings
                .interval / 5)
        if settings.mode == .heartbeatAndPing {
            #expect(evidence.probes.count == settings.retries + 1)
            let last = try #require(evidence.probes.last)
            let waited = last.sent + last.timeout - evidence.deadline
            // The next heartbeat is waited for if it is due soon.
            let early = TimeSpan(
                nanoseconds: settings.interval.nanoseconds - waited.nanoseconds
                    % settings.interval.nanoseconds)
            let isSoon = early <= settings.interval / 5
            #expect(suspicion.at == evidence.deadline + waited + (isSoon ? early : .zero))
        }
    }
}

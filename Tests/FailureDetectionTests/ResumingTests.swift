import CausalClock
import Testing

@testable import FailureDetection

/// A detector that continues where an earlier process of the same incarnation ended.
@Suite("a detector that is continued")
struct ResumingTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)
    private let settings: [PeerSettings]

    init() throws {
        settings = try ["b", "c"].map { name in
            PeerSettings(
                id: try #require(HostID(name)), mode: .heartbeatAndPing, interval: .milliseconds(100),
                detector: .median(margin: .milliseconds(10)), retries: 2, minimumTimeout: .milliseconds(10),
                maximumTimeout: .seconds(1), startupGrace: .seconds(2))
        }
    }

    /// A detector that hears b, and never c, for three seconds; c is suspected then.
    private func experienced() throws -> (monitor: Monitor, now: Instant) {
        let own = try #require(HostID("a"))
        var monitor = Monitor(id: own, epoch: Epoch(5), peers: settings, seed: 1, at: Self.start)
        var effects = Effects()
        var now = Self.start
        for number in 1...60 as ClosedRange<Int64> {
            now = Self.start + .milliseconds(50) * number
            if number % 2 == 0 { hear(number / 2, at: now, by: &monitor, into: &effects) }
            monitor.handle(.wake, at: now, into: &effects)
        }
        return (monitor, now)
    }

    private func hear(
        _ number: Int64, at now: Instant, by monitor: inout Monitor, into effects: inout Effects
    ) {
        let reception = InboundMessage(
            dot: Dot(host: settings[0].id, epoch: Epoch(2), counter: UInt64(number)),
            sequence: UInt64(number),
            sent: now, arrived: now, interval: .milliseconds(100), body: .heartbeat, acknowledgedEpoch: nil,
            acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero), clock: [])
        monitor.handle(.received(reception), at: now, into: &effects)
    }

    @Test("suspects the same peers as before, since the same time, and blames no peer for the time away")
    func verdicts() throws {
        let (before, now) = try experienced()
        try #require(before.state(ofPeer: 0) == .trusted && before.state(ofPeer: 1) == .suspected)
        let later = now + .seconds(600)
        var after = Monitor(resuming: before.snapshot(at: now), peers: settings, seed: 2, at: later)
        #expect(after.report(ofPeer: 1).since == before.report(ofPeer: 1).since)
        #expect(after.report(ofPeer: 1).verdict == before.report(ofPeer: 1).verdict)
        var effects = Effects()
        after.handle(.turnBegan, at: later, into: &effects)
        after.handle(.wake, at: later + .milliseconds(90), into: &effects)
        #expect(after.state(ofPeer: 0) == .trusted && after.state(ofPeer: 1) == .suspected)
        #expect(!effects.items.contains { if case .notice = $0 { true } else { false } })
        // But a peer that stays silent is suspected in the usual time.
        for step in 1...20 as ClosedRange<Int64> {
            after.handle(.wake, at: later + .milliseconds(90 + 20 * step), into: &effects)
        }
        #expect(after.state(ofPeer: 0) == .suspected)
    }

    @Test("continues reporting others which hosts it suspects, by the same event")
    func opinions() throws {
        let (before, now) = try experienced()
        try #require(before.opinions.map(\.subject) == [settings[1].id])
        var after = Monitor(resuming: before.snapshot(at: now), peers: settings, seed: 2, at: now)
        var effects = Effects()
        after.handle(.turnBegan, at: now, into: &effects)
        #expect(after.opinions == before.opinions)
    }

    @Test("a suspicion of a peer to which nothing could be sent gets no vote by a restart")
    func noVote() throws {
        let own = try #require(HostID("a"))
        var before = Monitor(id: own, epoch: Epoch(5), peers: settings, seed: 1, at: Self.start)
        before.noteAddress(ofPeer: 1, isKnown: false)
        var effects = Effects()
        for number in 1...60 as ClosedRange<Int64> {
            let now = Self.start + .milliseconds(50) * number
            if number % 2 == 0 { hear(number / 2, at: now, by: &before, into: &effects) }
            before.handle(.wake, at: now, into: &effects)
        }
        let now = Self.start + .milliseconds(3_000)
        try #require(before.state(ofPeer: 1) == .suspected && before.opinions == [])
        var after = Monitor(resuming: before.snapshot(at: now), peers: settings, seed: 2, at: now)
        after.handle(.turnBegan, at: now, into: &effects)
        #expect(after.state(ofPeer: 1) == .suspected && after.opinions == [])
        // Nothing is in the way any more: once its pings stay unanswered it has one.
        for number in 61...80 as ClosedRange<Int64> {
            let now = Self.start + .milliseconds(50) * number
            if number % 2 == 0 { hear(number / 2, at: now, by: &after, into: &effects) }
            after.handle(.wake, at: now, into: &effects)
        }
        #expect(after.opinions.map(\.subject) == [settings[1].id])
    }

    @Test("uses no number again, and has learnt what its detector had")
    func numbers() throws {
        let (before, now) = try experienced()
        let after = Monitor(resuming: before.snapshot(at: now), peers: settings, seed: 2, at: now)
        #expect(after.clock.counter == before.clock.counter + 1)
        #expect(after.clock.entries == before.clock.entries)
        for index in 0..<2 {
            #expect(after.evidence(of: index).sent == before.evidence(of: index).sent)
            #expect(after.peers[index].receiver.highest == before.peers[index].receiver.highest)
            #expect(after.peers[index].detector.samples == before.peers[index].detector.samples)
        }
    }

    @Test("continues from the last numbers that were written, even if the snapshot is older")
    func killed() throws {
        var (monitor, now) = try experienced()
        var snapshot = monitor.snapshot(at: now)
        var effects = Effects()
        for number in 31...40 as ClosedRange<Int64> {
            now = now + .milliseconds(100)
            hear(number, at: now, by: &monitor, into: &effects)
            monitor.handle(.wake, at: now, into: &effects)
        }
        var words: [UInt64] = []
        monitor.appendNumbers(layout: 3, at: now, to: &words)
        let taken = [
            snapshot.advance(to: words, layout: 4), snapshot.advance(to: words.dropLast(), layout: 3),
            snapshot.advance(to: words, layout: 3),
        ]
        #expect(taken == [false, false, true])
        let after = Monitor(resuming: snapshot, peers: settings, seed: 2, at: now)
        #expect(after.clock.counter == monitor.clock.counter + 1)
        #expect(after.clock.entries == monitor.clock.entries)
        #expect(after.evidence(of: 0).sent == monitor.evidence(of: 0).sent)
        #expect(after.peers[0].receiver.order(of: 40) == .duplicate)
    }

    @Test("takes its configuration from now: peers that went are gone, new ones are unknown")
    func otherPeers() throws {
        let (before, now) = try experienced()
        var fresh = settings[1]
        fresh.id = try #require(HostID("d"))
        let after = Monitor(
            resuming: before.snapshot(at: now), peers: [settings[1], fresh], seed: 2, at: now)
        #expect((0..<after.count).map { after.id(ofPeer: $0).description } == ["c", "d"])
        #expect(after.state(ofPeer: 0) == .suspected && after.state(ofPeer: 1) == .unknown)
        #expect(after.retiredLinks.items.map(\.id) == [settings[0].id])
    }

    @Test(
        "keeps what every kind of detector has learnt",
        arguments: [
            DetectorChoice.median(margin: .milliseconds(10)), .chen(margin: .milliseconds(10)),
            .twoWindow(margin: .milliseconds(10)), .phi(threshold: 8), .exponential(threshold: 1),
            .bertier(deviations: 4),
        ])
    func detectors(choice: DetectorChoice) {
        var before = choice.makeDetector()
        for number in 0..<50 as Range<Int64> {
            let sent = Self.start + .milliseconds(100) * number
            let sign = LifeSign(sent: sent, arrived: sent + .microseconds(500 + 37 * (number % 7)))
            before.record(sign, interval: .milliseconds(100))
        }
        var after = choice.makeDetector()
        after.resume(before.samples)
        #expect(after.samples == before.samples)
        let sign = LifeSign(sent: Self.start, arrived: Self.start + .microseconds(600))
        #expect(
            after.deadline(after: sign, interval: .milliseconds(100))
                == before.deadline(after: sign, interval: .milliseconds(100)))
    }
}

import CausalClock
import TestSupport
import Testing

@testable import FailureDetection

/// A library user's own rule: some intervals after the arrival, as a public client would write it.
private struct Patience: SuspicionDetector, Hashable {
    var intervals: Int64
    var heard: Int64 = 0

    mutating func record(_ heartbeat: LifeSign) { heard += 1 }
    func deadline(after sign: LifeSign, interval: TimeSpan) -> Instant { sign.arrived + interval * intervals }
    mutating func reset() { heard = 0 }
    var samples: [Int64] { [heard] }
    mutating func resume(_ samples: [Int64]) { heard = samples.first ?? 0 }
}

@Suite("a detector of one's own")
struct CustomDetectorTests {
    private static let interval = TimeSpan.milliseconds(100)
    private let start = Instant(nanoseconds: 5_000_000_000)

    private func choice(_ intervals: Int64) -> DetectorChoice {
        .custom(CustomDetector(name: "patience", detector: Patience(intervals: intervals)))
    }

    private func settings(_ intervals: Int64, mode: MonitoringMode = .heartbeat) -> [PeerSettings] {
        [peer("b", mode: mode, detector: choice(intervals)), peer("c"), peer("d")]
    }

    private func monitor(_ intervals: Int64, mode: MonitoringMode = .heartbeat) -> Monitor {
        Monitor(id: host("a"), epoch: Epoch(1), peers: settings(intervals, mode: mode), seed: 1, at: start)
    }

    /// Has `monitor` hear five heartbeats of b; returns when the last arrived.
    private func hear(_ monitor: inout Monitor) -> Instant {
        var effects = Effects()
        for number in 1...5 as ClosedRange<UInt64> {
            let now = start + Self.interval * Int64(number)
            let message = InboundMessage(
                dot: Dot(host: host("b"), epoch: Epoch(1), counter: number), sequence: number, sent: now,
                arrived: now, interval: Self.interval, body: .heartbeat, acknowledgedEpoch: nil,
                acknowledgement: LinkAcknowledgement(highest: 0, bitmap: 0, delay: .zero), clock: [])
            monitor.handle(.received(message), at: now, into: &effects)
        }
        return start + Self.interval * 5
    }

    @Test("it sets the deadline, and the peer is suspected then and not before")
    func deadline() throws {
        var monitor = monitor(7)
        let due = hear(&monitor) + Self.interval * 7
        #expect(monitor.peers[0].deadline == due)
        var effects = Effects()
        monitor.handle(.wake, at: due - TimeSpan(nanoseconds: 1), into: &effects)
        #expect(monitor.state(ofPeer: 0) == .trusted)
        monitor.handle(.wake, at: due, into: &effects)
        #expect(monitor.state(ofPeer: 0) == .suspected)
        #expect(monitor.report(ofPeer: 0).settings.detector.name == "patience")
    }

    @Test("in every mode a silent peer is suspected within the bound that is published")
    func bound() throws {
        var monitor = monitor(7, mode: .heartbeatAndPing)
        let last = hear(&monitor)
        monitor.peers[0].roundTrip.record(.milliseconds(1))
        let bound = try #require(monitor.detectionTimeBound(ofPeer: 0, at: last))
        #expect(bound >= Self.interval * 7)
        var (now, effects) = (last, Effects())
        while monitor.state(ofPeer: 0) != .suspected, let next = monitor.nextDeadline?.instant {
            now = max(now, next)
            monitor.handle(.wake, at: now, into: &effects)
        }
        #expect(now - last <= bound)
    }

    @Test("another parameter begins anew with the latest heartbeats; the same one changes nothing")
    func retuning() throws {
        var monitor = monitor(7)
        let last = hear(&monitor)
        monitor.retune(settings(7), at: last)
        #expect(monitor.peers[0].detector.samples == [5])
        monitor.retune(settings(9), at: last)
        #expect(monitor.peers[0].detector.samples == [5])
        #expect(monitor.peers[0].deadline == last + Self.interval * 9)
        monitor.retune([peer("b", mode: .heartbeat), peer("c"), peer("d")], at: last)
        #expect(monitor.peers[0].settings.detector.name == "median")
    }

    @Test("what it learnt survives a restart, by its name")
    func snapshot() throws {
        var monitor = monitor(7)
        let last = hear(&monitor)
        let after = Monitor(resuming: monitor.snapshot(at: last), peers: settings(7), seed: 2, at: last)
        #expect(after.peers[0].detector.samples == [5])
    }

    @Test("choices are equal when name and parameters are")
    func equality() {
        #expect(choice(7) == choice(7))
        #expect(choice(7).hashValue == choice(7).hashValue)
        #expect(choice(7) != choice(8))
        #expect(choice(7) != .custom(CustomDetector(name: "other", detector: Patience(intervals: 7))))
    }
}

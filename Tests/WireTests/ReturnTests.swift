import CausalClock
import Testing

@testable import FailureDetection
@testable import Wire

/// A peer that leaves for a while, and says so, is missed when that is over.
@Suite("a return that was announced")
struct ReturnTests {
    private static let absence = TimeSpan.seconds(900)
    private static let left = start + .milliseconds(50)

    /// A host whose peer `b` was heard, and has left.
    private func afterLeave(
        announcing interval: TimeSpan, mode: MonitoringMode = .heartbeatAndPing
    ) -> (
        endpoint: Endpoint, notices: [Notice]
    ) {
        var endpoint = endpoint("a", peers: [settings("b", mode: mode), settings("c", mode: mode)])
        var outbox = Outbox()
        endpoint.turn(datagram(.heartbeat), at: start, into: &outbox)
        endpoint.turn(datagram(.heartbeat, from: "c"), from: 2, at: start, into: &outbox)
        for sequence in 2...4 as ClosedRange<UInt64> {
            endpoint.turn(
                datagram(.leave, counter: 2, sequence: sequence, interval: interval, sent: Self.left),
                at: Self.left, into: &outbox)
        }
        return (endpoint, outbox.notices)
    }

    /// Lets time pass, in which `c` is heard.
    private func pass(_ endpoint: inout Endpoint, from begin: TimeSpan, to end: TimeSpan) -> [Notice] {
        var outbox = Outbox()
        for step in (begin.nanoseconds / 50_000_000)..<(end.nanoseconds / 50_000_000) {
            let now = Self.left + .milliseconds(50) * step
            if step % 2 == 0 {
                endpoint.turn(
                    datagram(
                        .heartbeat, from: "c", counter: UInt64(step) + 2, sequence: UInt64(step) + 2,
                        sent: now),
                    from: 2, at: now, into: &outbox)
            } else {
                endpoint.beginTurn(at: now, into: &outbox)
                endpoint.wake(at: now, into: &outbox)
            }
        }
        return outbox.notices.filter { $0.peer == host("b") }
    }

    @Test(
        "a host that does not keep it is suspected, and not before",
        arguments: [MonitoringMode.heartbeatAndPing, .heartbeat, .ping])
    func broken(mode: MonitoringMode) {
        var (endpoint, notices) = afterLeave(announcing: Self.absence, mode: mode)
        let reported = notices.filter { $0.kind == .leave }
        #expect(reported.map(\.duration) == [Self.absence] && endpoint.monitor.state(ofPeer: 0) == .left)
        #expect(pass(&endpoint, from: .zero, to: Self.absence).isEmpty)
        #expect(endpoint.monitor.state(ofPeer: 0) == .left)
        let later = pass(&endpoint, from: Self.absence, to: Self.absence + .seconds(3))
        let suspicion = later.first { $0.kind == .suspect }
        #expect(suspicion?.verdict?.cause == .crash, "\(later)")
        #expect(suspicion?.evidence?.returnDue == Self.left + Self.absence)
        #expect(endpoint.monitor.state(ofPeer: 0) == .suspected)
    }

    @Test("a host that announces none, or no more than its interval, may stay away")
    func none() {
        for interval in [.zero, .milliseconds(100), .seconds(59)] as [TimeSpan] {
            var (endpoint, notices) = afterLeave(announcing: interval)
            #expect(notices.last?.kind == .leave && notices.last?.duration == nil)
            #expect(pass(&endpoint, from: .zero, to: .seconds(100)).isEmpty)
            let last = Self.left + .seconds(4_000)
            var outbox = Outbox()
            endpoint.beginTurn(at: last, into: &outbox)
            endpoint.wake(at: last, into: &outbox)
            #expect(endpoint.monitor.state(ofPeer: 0) == .left)
        }
    }

    @Test(
        "a host that is back in time is trusted, and it is no crash; so is a host that answers the pings at its end"
    )
    func kept() {
        for isLate in [false, true] {
            var (endpoint, _) = afterLeave(announcing: Self.absence)
            let time = isLate ? Self.absence + .milliseconds(60) : .seconds(200)
            var reported = pass(&endpoint, from: .zero, to: time)
            #expect(endpoint.monitor.state(ofPeer: 0) == (isLate ? .pending : .left))
            var outbox = Outbox()
            let now = Self.left + time
            endpoint.turn(datagram(.heartbeat, epoch: 2, sent: now), at: now, into: &outbox)
            reported += outbox.notices.filter { $0.peer == host("b") }
            #expect(
                reported.map(\.kind).filter { $0 != .pending } == [.restart, .trust],
                "\(reported.map(\.kind))")
            #expect(endpoint.monitor.state(ofPeer: 0) == .trusted)
            #expect(endpoint.monitor.report(ofPeer: 0).suspicions == 0)
            #expect(reported.first { $0.kind == .restart }?.verdict == nil)
            #expect(endpoint.monitor.report(ofPeer: 0).crashes == 0)
        }
    }

    @Test("a host that is back after its time was suspected, and its return is no crash either")
    func late() {
        var (endpoint, _) = afterLeave(announcing: Self.absence)
        _ = pass(&endpoint, from: .zero, to: Self.absence + .seconds(60))
        #expect(endpoint.monitor.state(ofPeer: 0) == .suspected)
        var outbox = Outbox()
        let now = Self.left + Self.absence + .seconds(60)
        endpoint.turn(datagram(.heartbeat, epoch: 2, sent: now), at: now, into: &outbox)
        #expect(outbox.notices.first { $0.kind == .restart }?.verdict == nil)
        #expect(endpoint.monitor.state(ofPeer: 0) == .trusted)
        #expect(endpoint.monitor.report(ofPeer: 0).crashes == 0)
    }

    @Test("it is remembered over a restart of ours, and one that was none is none then either")
    func resumed() {
        for (interval, state) in [(Self.absence, PeerState.suspected), (.milliseconds(100), .left)] {
            let (endpoint, _) = afterLeave(announcing: interval)
            let snapshot = endpoint.monitor.snapshot(at: Self.left + .seconds(1))
            var resumed = endpoint
            resumed.monitor = Monitor(
                resuming: snapshot, peers: [settings("b"), settings("c")], seed: 9,
                at: Self.left + .seconds(2))
            resumed.monitor.noteAddress(ofPeer: 0, isKnown: true)
            resumed.monitor.noteAddress(ofPeer: 1, isKnown: true)
            _ = pass(&resumed, from: .seconds(3), to: Self.absence + .seconds(3))
            #expect(resumed.monitor.state(ofPeer: 0) == state)
        }
    }

    @Test("a host that reboots announces it, and one that stops announces what it always does")
    func announced() {
        for absence in [Self.absence, nil] {
            var endpoint = endpoint("a", peers: [settings("b")])
            var outbox = Outbox()
            endpoint.leave(returningWithin: absence, at: start, into: &outbox)
            let intervals = outbox.datagrams.map { decoded(outbox.bytes($0), for: "b")?.interval }
            #expect(intervals == Array(repeating: absence ?? .milliseconds(100), count: 3))
        }
    }
}

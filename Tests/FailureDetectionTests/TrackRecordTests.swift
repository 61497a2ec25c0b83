import Testing

@testable import FailureDetection

/// The daemon's figures of its own judgement.
@Suite("how right we were")
struct TrackRecordTests {
    private func record(_ run: TimelineRun, at column: Int) -> TrackRecord {
        run.monitor.trackRecord(ofPeer: 0, at: TimelineRun.instant(of: column))
    }

    @Test(
        "a suspicion of a peer that is heard again in the same incarnation was a mistake, as long as it lasted"
    )
    func mistake() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... h......... h.........
            b !  T......... .......... ..P....... ..S....... T......... ..........
            """)
        let record = record(run, at: 60)
        #expect(record.audit.mistakes == 1)
        // Trusted from tick 0 to 32 and from 40 on, wrongly suspected in between.
        #expect(record.mistakeDuration == Timeline.tick * 8)
        #expect(record.trustedTime == Timeline.tick * 52)
        #expect(record.mistakeRecurrence == Timeline.tick * 60)
        #expect(record.accuracyPerMillion == 866_666)
    }

    @Test("a peer that is heard in time after pings has been trusted all the time, also for the next process")
    func pinged() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... ....h..... h......... ....h..... h.........
            b !  T......... .......... ..P....... .......... ..P....... ..........
            """)
        #expect(run.monitor.report(ofPeer: 0).since == TimelineRun.instant(of: 0))
        #expect(record(run, at: 60).trustedTime == Timeline.tick * 60)
        let now = TimelineRun.instant(of: 60)
        let next = Monitor(resuming: run.monitor.snapshot(at: now), peers: [peer("b")], seed: 1, at: now)
        #expect(next.report(ofPeer: 0).since == TimelineRun.instant(of: 0))
        #expect(next.trackRecord(ofPeer: 0, at: now).trustedTime == Timeline.tick * 60)
    }

    @Test("a suspicion that ends with a new incarnation was none, and its time counts neither way")
    func crash() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... R......... h.........
            b !  T......... .......... ..P....... ..S....... R......... ..........
            b !  .......... .......... .......... .......... T......... ..........
            """)
        let record = record(run, at: 60)
        #expect(record.audit.mistakes == 0)
        #expect(record.mistakeDuration == nil && record.mistakeRecurrence == nil)
        #expect(record.trustedTime == Timeline.tick * 52)
        #expect(record.accuracyPerMillion == 1_000_000)
    }

    @Test("a suspicion of a peer that then says goodbye, and knew of it, was a mistake")
    func goodbye() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... .....l.... ..........
            b !  T......... .......... ..P....... ..S....... .....L.... ..........
            """)
        #expect(record(run, at: 60).audit.mistakes == 1)
        #expect(record(run, at: 60).trustedTime == Timeline.tick * 32)
    }

    @Test("one that is still open is not settled yet, and of a peer that was never heard nothing is known")
    func undecided() {
        let run = timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... ..........
            b !  T......... .......... ..P....... ..S....... ..........
            """)
        #expect(record(run, at: 50).audit.mistakes == 0)
        let late = timeline(
            [peer("b", mode: .heartbeat)],
            """
            b <  .......... .......... .......... .......... h.........
            b !  .......... .......... .......... S......... T.........
            """)
        #expect(record(late, at: 40).accuracyPerMillion == nil)
        #expect(record(late, at: 50).audit.mistakes == 0)
    }

    @Test(
        "no crash goes unnoticed for longer than the bound, wherever it falls",
        arguments: [
            DetectorChoice.median(margin: .milliseconds(20)), .chen(margin: .milliseconds(20)),
            .twoWindow(margin: .milliseconds(20)), .fixed(timeout: .milliseconds(150)),
            .exponential(threshold: 1), .phi(threshold: 3), .bertier(deviations: 4),
        ], [MonitoringMode.heartbeatAndPing, .heartbeat])
    func bound(detector: DetectorChoice, mode: MonitoringMode) throws {
        var run = TimelineRun([peer("b", mode: mode, detector: detector)])
        let drawn = Timeline("b <  " + String(repeating: "h.........", count: 6))
        // It answers what we send, so a round trip is known; after the heartbeat of tick 50 it is gone.
        for column in 0..<51 { run.step(column, of: drawn, action: nil) }
        let bound = try #require(run.monitor.detectionTimeBound(ofPeer: 0, at: TimelineRun.instant(of: 24)))
        for column in 51..<400 { run.step(column, of: drawn, action: nil) }
        let suspicion = try #require(run.notices.first { $0.kind == .suspect })
        let detectionTime = suspicion.at - TimelineRun.instant(of: 50)
        #expect(detectionTime <= bound)
        // And it is no excuse: not far above what is needed.
        #expect(bound <= detectionTime + .milliseconds(100))
    }

    @Test("the bound of a peer that is only pinged counts our own interval")
    func boundOfPings() throws {
        let drawing = "b <  .ooooooooo ooooooooooo ooooooooooo"
        var run = TimelineRun([peer("b", mode: .ping)])
        let drawn = Timeline(drawing)
        for column in 0..<25 { run.step(column, of: drawn, action: nil) }
        let bound = try #require(run.monitor.detectionTimeBound(ofPeer: 0, at: TimelineRun.instant(of: 24)))
        for column in 25..<200 { run.step(column, of: Timeline("b <  ."), action: nil) }
        let suspicion = try #require(run.notices.first { $0.kind == .suspect })
        #expect(suspicion.at - TimelineRun.instant(of: 24) <= bound)
    }

    @Test("without a round trip there is no bound yet, and none for a peer that has left")
    func noBound() {
        let unheard = timeline([peer("b")], "b <  .....")
        #expect(unheard.monitor.detectionTimeBound(ofPeer: 0, at: TimelineRun.instant(of: 4)) == nil)
        let left = timeline([peer("b")], "b <  h.........h.........l...\nb !  T...................L...")
        #expect(left.monitor.detectionTimeBound(ofPeer: 0, at: TimelineRun.instant(of: 24)) == nil)
    }
}

/// Heartbeats are handed out to a client that records their sender.
@Suite("recording")
struct RecordingTests {
    @Test(
        "only of the peer that is recorded, only heartbeats, only fresh ones, and only while it is recorded")
    func arrivals() {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... d..o.....g .G........ h......... h....
            b !  T......... .......... d.P....... .......... .......... .....
            c <  h......... h......... h......... h......... h......... h....
            c !  T......... .......... .......... .......... .......... .....
            """,
            actions: [
                5: { monitor, _ in monitor.record(peer: 0, true) },
                45: { monitor, _ in monitor.record(peer: 0, false) },
            ])
        #expect(run.arrivals.allSatisfy { $0.peer == 0 })
        let arrived = run.arrivals.map {
            ($0.sign.arrived - TimelineRun.instant(of: 0)).nanoseconds / 10_000_000
        }
        #expect(arrived == [10, 31, 40])
        #expect(run.arrivals.map(\.sequence) == run.arrivals.map(\.sequence).sorted())
    }
}

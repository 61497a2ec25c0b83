import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What single clients ask of a daemon: verdicts by their own thresholds, and a peer's heartbeats.
    @Suite("clients with wishes of their own")
    struct ConsumerTests {
        /// Heartbeats every 100 ms; the daemon itself suspects 1.1 s after the last.
        @Test("one daemon, three thresholds: each client is informed when its own is reached, marked as such")
        func thresholds() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let quick = try subscribe(cluster["a"], SubscribeParameters(detectionTimeUSec: 250_000))
            let patient = try subscribe(cluster["a"], SubscribeParameters(detectionTimeUSec: 2_000_000))
            let plain = try subscribe(cluster["a"], SubscribeParameters())
            let crash = Clocks.realtime() / 1_000
            // Stopped and not killed: no host says that the port is closed, which would speed the daemon up.
            try cluster["b"].send(SIGSTOP)
            let sooner = try next(.suspect, quick)
            let own = try next(.suspect, plain)
            let later = try next(.suspect, patient)
            #expect(sooner.detectionTimeUSec == 250_000 && later.detectionTimeUSec == 2_000_000)
            #expect(own.detectionTimeUSec == nil)
            #expect(sooner.timeUSec < own.timeUSec && own.timeUSec < later.timeUSec)
            // From the last heartbeat on, which was up to an interval before the crash.
            #expect((100_000..<1_000_000).contains(sooner.timeUSec - Int(crash)))
            #expect((1_850_000..<3_000_000).contains(later.timeUSec - Int(crash)))
            try cluster["b"].send(SIGCONT)
            #expect(try next(.trust, quick).detectionTimeUSec == 250_000)
            #expect(try next(.trust, patient).detectionTimeUSec == 2_000_000)
            // They are the clients' verdicts: the history has only the daemon's.
            #expect(try cluster["a"].events(.suspect).allSatisfy { $0.detectionTimeUSec == nil })
        }

        @Test("an observer stopped for 400 ms reports no suspicion by a threshold of 250 ms")
        func pause() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let quick = try subscribe(cluster["a"], SubscribeParameters(detectionTimeUSec: 250_000))
            for round in 1...5 {
                try cluster["a"].send(SIGSTOP)
                letPass(milliseconds: 400)
                try cluster["a"].send(SIGCONT)
                let hasHeard = try eventually { try cluster["a"].status().health.stalls >= round }
                #expect(hasHeard)
            }
            try cluster["b"].kill()
            let event = try next(.suspect, quick)
            // The first suspicion is the one after the crash.
            #expect(try cluster["a"].peer("b").lastHeardUSec.map { event.timeUSec - $0 >= 250_000 } == true)
            #expect(
                try next(
                    .suspect,
                    try subscribe(cluster["a"], SubscribeParameters(detectionTimeUSec: 300_000, peers: ["b"]))
                ).peer == "b")
        }

        @Test(
            "what cannot be judged is refused with the remedy",
            arguments: [
                (SubscribeParameters(detectionTimeUSec: 50_000), "ask for more"),
                (SubscribeParameters(level: 8_000), "detector = \"phi\""),
            ])
        func refused(parameters: SubscribeParameters, remedy: String) throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let client = try cluster["a"].client()
            try client.send(
                VarlinkMessage.call(MonitorMethod.subscribe.fullName, parameters: parameters, more: true)
                    .bytes)
            let reply = try #require(try client.nextReply())
            #expect(reply.error == MonitorInterface.subscriptionRefusedName)
            #expect(try reply.parameters(SubscriptionRefusal.self).reason.contains(remedy))
        }

        @Test("a level of suspicion is reported, and a client's own level suspects")
        func levels() throws {
            let cluster = try TestCluster(
                ["a", "b"],
                detection: "heartbeat_interval = \"100ms\"\ndetector = \"phi\"\nthreshold = 300.0")
            try cluster.start()
            #expect(try cluster["a"].peer("b").level != nil)
            let client = try subscribe(cluster["a"], SubscribeParameters(level: 5_000))
            try cluster["b"].send(SIGSTOP)
            #expect(try next(.suspect, client).level == 5_000)
            #expect(try #require(try cluster["a"].peer("b").level) >= 5_000)
            try cluster["b"].send(SIGCONT)
            #expect(try next(.trust, client).level == 5_000)
        }

        @Test("a reload keeps a threshold's verdicts, and says which peers it can judge no longer")
        func reload() throws {
            let phi = "heartbeat_interval = \"100ms\"\ndetector = \"phi\"\nthreshold = 8.0"
            let cluster = try TestCluster(["a", "b"], detection: phi)
            try cluster.start()
            let level = try subscribe(cluster["a"], SubscribeParameters(level: 5_000))
            let time = try subscribe(cluster["a"], SubscribeParameters(detectionTimeUSec: 300_000))
            let text = textOfFile(cluster["a"].configuration)
            try writeFile(
                text.replacing(
                    phi, with: TestCluster.calm.split(separator: "\n").dropLast().joined(separator: "\n")),
                to: cluster["a"].configuration)
            try cluster["a"].send(SIGHUP)
            #expect(try next(.config, level).level == 5_000)
            try cluster["b"].kill()
            #expect(try next(.suspect, time).detectionTimeUSec == 300_000)
        }

        @Test("the daemon reports its own figures: the bound, and a suspicion that proved wrong")
        func figures() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let hasBound = try eventually { try cluster["a"].peer("b").detectionTimeBoundUSec != nil }
            #expect(hasBound)
            // 500 ms from an arrival, and three pings of 200 ms.
            let bound = try #require(try cluster["a"].peer("b").detectionTimeBoundUSec)
            #expect((1_100_000..<1_500_000).contains(bound))
            try cluster["b"].send(SIGSTOP)
            let isSuspected = try eventually { try cluster["a"].peer("b").state == .suspected }
            #expect(isSuspected)
            try cluster["b"].send(SIGCONT)
            let isMistake = try eventually { try cluster["a"].peer("b").mistakes == 1 }
            #expect(isMistake)
            let peer = try cluster["a"].peer("b")
            #expect(try #require(peer.mistakeDurationUSec) > 0)
            #expect(try #require(peer.mistakeRecurrenceUSec) > (try #require(peer.mistakeDurationUSec)))
            #expect((1..<1_000_000).contains(try #require(peer.accuracyPerMillion)))
        }

        @Test("the heartbeats of a peer are handed out as they arrive")
        func record() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let client = try cluster["a"].client()
            let first = try client.call(.record, PeerParameters(id: "b"), as: RecordReply.self)
            #expect(first.heartbeats.isEmpty)
            var heartbeats: [HeartbeatReport] = []
            while heartbeats.count < 10 {
                let reply = try #require(try client.nextReply()).parameters(RecordReply.self)
                #expect(reply.epoch == first.epoch && reply.heartbeatIntervalUSec == 100_000)
                heartbeats += reply.heartbeats
            }
            for (earlier, later) in zip(heartbeats, heartbeats.dropFirst()) {
                #expect(earlier.sequence < later.sequence)
                #expect(later.sentNSec - earlier.sentNSec > 1_000_000)
                #expect(later.arrivedNSec >= later.sentNSec, "one host, one clock")
            }
        }

        @Test("a recording that is interrupted is a complete trace, which replay and tune read")
        func recordByTool() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let trace = "\(cluster.folder.path)/b.csv.gz"
            let log = "\(cluster.folder.path)/record.log"
            var tool = try ChildProcess(
                Programs.control, ["record", "b", "-o", trace, "--socket", cluster["a"].socket],
                output: .discard, errors: .file(log))
            let isRecording = eventually { textOfFile(log).contains("until Control-C") }
            #expect(isRecording)
            letPass(milliseconds: 3_000)
            try tool.send(SIGINT)
            #expect(try tool.wait(timeout: 10 * second) == .exited(0))
            // Three seconds of them, more or less: the signal is as late as the machine is busy.
            let text = textOfFile(log)
            #expect((2...9).contains { text.contains("heartbeats in \($0).") }, "\(text)")
            for arguments in [
                ["replay", "--detector", "chen", "--parameter", "0.5"], ["tune", "--detection-time", "1s"],
            ] {
                var reader = try ChildProcess(Programs.control, arguments + [trace], output: .discard)
                #expect(try reader.wait(timeout: 60 * second) == .exited(0))
            }
        }

        private func subscribe(_ daemon: TestDaemon, _ parameters: SubscribeParameters) throws -> StatusClient
        {
            let client = try daemon.client()
            _ = try client.call(.subscribe, parameters, as: SubscribeReply.self)
            return client
        }

        /// The next event of a kind.
        private func next(_ kind: ReportedEventKind, _ client: StatusClient) throws -> EventReport {
            while true {
                let event = try nextAboutPeer(client)
                if event.event == kind { return event }
            }
        }

        private func nextAboutPeer(_ client: StatusClient) throws -> EventReport {
            while true {
                let reply = try #require(try client.nextReply()).parameters(SubscribeReply.self)
                if let event = reply.event, event.peer != nil { return event }
            }
        }
    }
}

import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What a cluster is for: which peers are suspected, and which are not.
    @Suite("detection")
    struct DetectionTests {
        @Test("three daemons trust each other, and say so with all that is known")
        func trust() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let status = try cluster["a"].status()
            #expect(status.node == "a" && status.peers == 2 && status.trusted == 2 && !status.isolated)
            // A machine that is slow says so after it.
            #expect(status.statusText.hasPrefix("Watching 2 peers: 2 trusted"))
            let peers = try cluster["a"].peers()
            #expect(peers.map(\.id) == ["b", "c"])
            #expect(peers.map(\.address) == cluster.addresses.dropFirst().map(\.description))
            #expect(try peers.map(\.epoch) == [cluster["b"].status().epoch, cluster["c"].status().epoch])
            let isMeasured = try eventually { try cluster["a"].peers().allSatisfy { $0.rttUSec != nil } }
            #expect(isMeasured)
            #expect(try cluster["a"].events(.trust).count == 2)
        }

        @Test(
            "a killed peer is suspected to have crashed by both others; restarted, it is trusted in a new epoch"
        )
        func crash() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            try cluster.start()
            let epoch = try cluster["c"].status().epoch
            try cluster["c"].kill()
            for observer in [cluster["a"], cluster["b"]] {
                let suspects = try eventually { try observer.peer("c").state == .suspected }
                #expect(suspects)
                #expect(try observer.peer("c").cause == .crash)
                #expect(try observer.events(.suspect, of: "c").last?.cause == .crash)
                #expect(try observer.why("c").evidence.probes.allSatisfy { !$0.answered })
            }
            try cluster["c"].start()
            try cluster.becomeTrusting()
            for observer in [cluster["a"], cluster["b"]] {
                #expect(try observer.peer("c").epoch > epoch)
                #expect(try observer.events(.restart, of: "c").count == 1)
                #expect(try observer.events(.trust, of: "c").count == 2)
            }
        }

        @Test("a peer that stops as planned has left: no host suspects it, then or later")
        func leave() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            try cluster.start()
            try cluster["c"].send(SIGTERM)
            #expect(try cluster["c"].waitForEnd() == .exited(0))
            for observer in [cluster["a"], cluster["b"]] {
                let knows = try eventually { try observer.peer("c").state == .left }
                #expect(knows)
            }
            // Five times as long as a suspicion takes at these settings.
            letPass(milliseconds: 1_500)
            for observer in [cluster["a"], cluster["b"]] {
                #expect(try observer.peer("c").state == .left)
                #expect(try observer.events(.leave, of: "c").count == 1)
                #expect(try observer.events(.suspect, of: "c").isEmpty)
            }
            try cluster["c"].start()
            try cluster.becomeTrusting()
        }

        @Test("a configured peer that never answered is suspected")
        func neverHeard() throws {
            let silent = try PortHolder()
            let cluster = try TestCluster(["a"], strangers: [("z", silent.address.description)])
            try cluster["a"].start()
            #expect(try cluster["a"].peer("z").state == .unknown)
            let suspects = try eventually { try cluster["a"].peer("z").state == .suspected }
            #expect(suspects)
            #expect(try cluster["a"].why("z").evidence.reason.hasPrefix("never heard"))
            #expect(try cluster["a"].peer("z").cause == .neverHeard)
            #expect(try cluster["a"].events(.suspect, of: "z").map(\.cause) == [.neverHeard])
        }

        @Test("the first daemon of a cluster says that it has heard no peer yet, until it hears the first")
        func first() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            let daemon = cluster["a"]
            try daemon.start()
            let isDecided = try eventually {
                try daemon.peers().allSatisfy { $0.state == .suspected && $0.cause == .neverHeard }
            }
            #expect(isDecided)
            #expect(try daemon.status().statusText.hasPrefix("No peer heard yet: none of 2 has answered"))
            #expect(try daemon.peers().allSatisfy { $0.accuracyPerMillion == nil })
            let events = try daemon.events()
            #expect(
                events.contains { $0.evidence.reason.hasPrefix("no peer has been heard since the daemon") })
            let words = events.map(\.evidence.reason) + [try daemon.why("b").evidence.reason]
            #expect(!words.contains { $0.contains("isolated") || $0.contains("at once") }, "\(words)")
            for id in ["b", "c"] { try cluster[id].start() }
            try cluster.becomeTrusting()
            let reasons = try daemon.events(.rejoined).map(\.evidence.reason)
            let trusts = try daemon.events(.trust).map(\.evidence.reason)
            #expect(
                trusts.contains { $0.hasSuffix("is heard for the first time, and trusted") }, "\(trusts)")
            #expect(
                reasons.allSatisfy { $0 == "a peer is heard, the first since this daemon started" },
                "\(reasons)")
        }

        @Test("an event reaches a subscriber with the peer as it is since")
        func subscription() throws {
            let cluster = try TestCluster(["a", "b"], detection: TestCluster.lan)
            try cluster.start()
            let client = try cluster["a"].client()
            let snapshot = try client.call(.subscribe, as: SubscribeReply.self)
            #expect(snapshot.event == nil && snapshot.peers?.map(\.state) == [.trusted])
            try cluster["b"].kill()
            var kinds: [ReportedEventKind?] = []
            while kinds.last != .suspect {
                let reply = try #require(try client.nextReply()).parameters(SubscribeReply.self)
                kinds.append(reply.event?.event)
                #expect(reply.peers?.map(\.id) == ["b"])
            }
            #expect(kinds == [.pending, .suspect])
        }
    }
}

import StatusAPI
import Testing

/// What each method answers, byte for byte: other programs read this.
@Suite("Golden replies")
struct GoldenReplyTests {
    static let witness =
        #"{"afterAnother":true,"cause":"crash","certainty":"suspected","counted":true,"#
        + #""dot":"db1@1700000000:42","id":"db3","independent":true,"sinceUSec":9,"trusted":true}"#
    static let evidence =
        #"{"acknowledges":{"highest":90,"lostPerMille":3,"sent":100},"deadlineUSec":1700000000600000,"#
        + #""detector":"median","heardByOthers":[{"atUSec":7,"dot":"db1@1700000000:42","witness":"db3"}],"#
        + #""heartbeatIntervalUSec":200000,"kernelDrops":1,"lastHeardUSec":1700000000000000,"#
        + #""lastSequence":4711,"observers":2,"overdueUSec":1200000,"ownLagScore":1,"ownLagUSec":12,"portUnreachableUSec":1700000000700000,"#
        + #""probes":[{"answered":true,"answeredUSec":3,"rttUSec":4,"sentUSec":1,"timeoutUSec":2},"#
        + #"{"answered":false,"sentUSec":5,"timeoutUSec":6}],"#
        + #""quorum":3,"reason":"db2 was due 1.2 s ago and answered none of 2 pings","silenceUSec":1800000}"#
    static let peer =
        #"{"accuracyPerMillion":999999,"address":"[::1]:7946","cause":"crash","certainty":"proved","confirmed":true,"#
        + #""deadlineUSec":1700000000600000,"detectionTimeBoundUSec":13,"detector":"median","epoch":1699999999,"#
        + #""heartbeatIntervalUSec":200000,"id":"db2","jitterUSec":150,"lastHeardUSec":1700000000000000,"#
        + #""level":8000,"lossInPerMille":7,"lossOutPerMille":8,"marginUSec":400000,"mistakeDurationUSec":11,"#
        + #""mistakeRecurrenceUSec":12,"mistakes":1,"mode":"heartbeat+ping","#
        + #""rttUSec":350,"sinceUSec":1700000001000000,"state":"suspected","suspicions":2,"#
        + target
        + #""witnesses":[\#(witness)]}"#
    static let target =
        #""target":{"boundUSec":1200000,"delayDeviationUSec":5000,"detectionTimeUSec":1000000,"#
        + #""intervalUSec":300000,"limit":"detection_time","lossAfterLossPerMillion":500000,"#
        + #""lossPerMillion":20000,"marginUSec":600000,"measured":true,"mistakeDurationUSec":60000000,"#
        + #""mistakeRecurrenceUSec":86400000000,"peerIntervalUSec":310000,"pingTimeoutUSec":100000,"#
        + #""promisedRecurrenceUSec":90000000000,"retries":2,"retunedUSec":10,"roundTripUSec":350},"#
    static let event =
        #"{"cause":"crash","certainty":"proved","detectionTimeUSec":500000,"dot":"db1@1700000000:42","event":"suspect","evidence":"#
        + evidence + #","level":3000,"peer":"db2","timeUSec":1700000001000000}"#
    static let status =
        #"{"authenticated":true,"configuration":{"lastReloadFailed":"no","loadedUSec":3,"path":"/etc/x.toml"},"#
        + #""datagramsReceived":8,"datagramsSent":9,"dropped":[{"count":7,"reason":"unknown-peer"}],"#
        + #""epoch":1700000000,"health":{"kernelDrops":0,"lagScore":2,"lastStallDurationUSec":6,"lastStallUSec":5,"#
        + #""loopLagMaximumUSec":0,"loopLagUSec":0,"stalls":0},"isolated":true,"isolatedSinceUSec":4,"left":0,"#
        + #""node":"db1","peers":2,"pending":0,"pid":99,"startedUSec":1,"#
        + #""statusText":"Watching 2 peers: 1 trusted, 1 suspected (db2, 1.8 s, crash)","suspected":1,"#
        + #""trusted":1,"unknown":0,"uptimeUSec":2,"version":"0.1.0"}"#

    @Test(
        "each method answers exactly this",
        arguments: [
            ("GetStatus", "{}", #"{"parameters":{"status":\#(status)}}"#),
            ("GetPeer", #"{"id":"db2"}"#, #"{"parameters":{"peer":\#(peer)}}"#),
            ("ListEvents", #"{"last":1}"#, #"{"parameters":{"events":[\#(event)]}}"#),
            ("ListEvents", "{}", #"{"parameters":{"events":[\#(event),\#(event)]}}"#),
            (
                "Why", #"{"id":"db2"}"#,
                #"{"parameters":{"evidence":\#(evidence),"history":[\#(event)],"peer":\#(peer)}}"#
            ),
            (
                "Witnesses", #"{"id":"db2"}"#,
                #"{"parameters":{"members":3,"observers":2,"own":\#(witness),"peer":\#(peer),"quorum":2}}"#
            ),
            ("Reload", "{}", #"{"parameters":{"warnings":["margin is smaller than the interval"]}}"#),
        ])
    func replies(method: String, parameters: String, reply: String) throws {
        var conversation = Conversation(userID: 0)
        #expect(try conversation.call(callText("io.suspectd.Monitor." + method, parameters)) == [reply])
    }

    @Test("ListPeers answers sorted by id, whatever the provider's order")
    func peersSorted() throws {
        var conversation = Conversation()
        conversation.provider.peerCount = 3
        let replies = try conversation.call(callText("io.suspectd.Monitor.ListPeers"))
        let ids = try replies.map { try VarlinkReply(message: [UInt8]($0.utf8)) }
            .flatMap { try $0.parameters(ListPeersReply.self).peers.map(\.id) }
        #expect(ids == ["db2", "peer1", "peer2"])
        #expect(replies.first?.hasPrefix(#"{"parameters":{"peers":[\#(Self.peer),"#) == true)
    }

    @Test("Subscribe answers the snapshot at once, then each event as it was encoded for all")
    func subscribe() throws {
        var conversation = Conversation()
        conversation.provider.peerCount = 1
        let call = callText("io.suspectd.Monitor.Subscribe", more: true)
        #expect(
            try conversation.call(call) == [#"{"continues":true,"parameters":{"peers":[\#(Self.peer)]}}"#])
        #expect(conversation.session.openStream == "io.suspectd.Monitor.Subscribe")
        try conversation.session.push(.event(Full.event))
        try conversation.session.push(.event(Full.event, peer: Full.peer))
        #expect(
            conversation.takeReplies() == [
                #"{"continues":true,"parameters":{"event":\#(Self.event)}}"#,
                #"{"continues":true,"parameters":{"event":\#(Self.event),"peers":[\#(Self.peer)]}}"#,
            ])
    }

    @Test("Subscribe without a snapshot still answers at once, so that a client knows it missed nothing")
    func subscribeWithoutSnapshot() throws {
        var conversation = Conversation()
        let call = callText("io.suspectd.Monitor.Subscribe", #"{"snapshot":false}"#, more: true)
        #expect(try conversation.call(call) == [#"{"continues":true,"parameters":{}}"#])
    }

    @Test("Subscribe with a filter shows only these peers, and hands the threshold on to the daemon")
    func subscribeOwnThreshold() throws {
        var conversation = Conversation()
        let call = callText(
            "io.suspectd.Monitor.Subscribe", #"{"detectionTimeUSec":500000,"peers":["db2"]}"#, more: true)
        #expect(
            try conversation.call(call) == [#"{"continues":true,"parameters":{"peers":[\#(Self.peer)]}}"#])
        #expect(
            conversation.provider.opened == [
                .events(SubscribeParameters(detectionTimeUSec: 500_000, peers: ["db2"]))
            ])
    }

    @Test(
        "a subscription that makes no sense is refused with what to ask for instead",
        arguments: [
            (#"{"detectionTimeUSec":500000,"level":8000}"#, "give one of them"),
            (#"{"detectionTimeUSec":999}"#, "a millisecond to a day"),
            (#"{"detectionTimeUSec":86400000001}"#, "a millisecond to a day"),
            (#"{"level":9}"#, "8000 is a usual level"), (#"{"level":1000001}"#, "8000 is a usual level"),
            (#"{"peers":[]}"#, "leave it out"),
        ])
    func subscriptionRefused(parameters: String, remedy: String) throws {
        var conversation = Conversation()
        let call = callText("io.suspectd.Monitor.Subscribe", parameters, more: true)
        let reply = try #require(try conversation.call(call).first)
        #expect(
            reply.hasPrefix(#"{"error":"io.suspectd.Monitor.SubscriptionRefused","parameters":{"reason":"#))
        #expect(reply.contains(remedy))
        #expect(conversation.session.openStream == nil)
        #expect(conversation.provider.opened.isEmpty)
    }

    @Test(
        "a subscription or a recording of a peer that is not there is refused",
        arguments: [
            ("Subscribe", #"{"peers":["db2","db9"]}"#), ("Record", #"{"id":"db9"}"#),
        ])
    func streamOfNobody(method: String, parameters: String) throws {
        var conversation = Conversation()
        #expect(
            try conversation.call(callText("io.suspectd.Monitor." + method, parameters, more: true)) == [
                #"{"error":"io.suspectd.Monitor.NoSuchPeer","parameters":{"id":"db9"}}"#
            ])
        #expect(conversation.session.openStream == nil)
    }

    @Test("what the daemon cannot judge is refused in its words")
    func subscriptionRefusedByDaemon() throws {
        var conversation = Conversation()
        conversation.provider.subscriptionProblem = "too many"
        let call = callText("io.suspectd.Monitor.Subscribe", #"{"level":8000}"#, more: true)
        #expect(
            try conversation.call(call) == [
                #"{"error":"io.suspectd.Monitor.SubscriptionRefused","parameters":{"reason":"too many"}}"#
            ])
        #expect(conversation.session.openStream == nil)
    }

    @Test(
        "a subscriber with a threshold of its own gets no verdict of the daemon's, and the rest of its peers")
    func ownEvents() {
        let all = SubscribeParameters()
        let own = SubscribeParameters(level: 8_000)
        let some = SubscribeParameters(peers: ["db3"])
        var event = Full.event
        for kind in ReportedEventKind.allCases {
            event.event = kind
            event.peer = "db2"
            #expect(all.wants(event))
            #expect(own.wants(event) == ![.suspect, .trust, .pending].contains(kind))
            #expect(!some.wants(event))
            event.peer = nil
            #expect(some.wants(event))
        }
    }

    @Test("Record answers at once, then the heartbeats as they come")
    func record() throws {
        var conversation = Conversation()
        let call = callText("io.suspectd.Monitor.Record", #"{"id":"db2"}"#, more: true)
        let start =
            #"{"continues":true,"parameters":{"epoch":1699999999,"heartbeatIntervalUSec":200000,"heartbeats":["#
        #expect(try conversation.call(call) == [start + "]}}"])
        #expect(conversation.provider.opened == [.heartbeats(peer: "db2")])
        try conversation.session.push(.heartbeats(Full.heartbeats))
        let heartbeat = #"{"arrivedNSec":2000000002,"sentNSec":1000000001,"sequence":4711}"#
        #expect(conversation.takeReplies() == [start + heartbeat + "]}}"])
    }

    @Test("a refused configuration comes back with every error")
    func reloadFailed() throws {
        var conversation = Conversation(userID: 500)
        conversation.provider.refusal = ReloadFailure(errors: ["a.toml:1: x", "a.toml:2: y"])
        #expect(
            try conversation.call(callText("io.suspectd.Monitor.Reload")) == [
                #"{"error":"io.suspectd.Monitor.ReloadFailed","parameters":{"errors":["a.toml:1: x","a.toml:2: y"]}}"#
            ])
    }
}

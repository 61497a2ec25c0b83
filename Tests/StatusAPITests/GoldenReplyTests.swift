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
        #"{"address":"[::1]:7946","cause":"crash","certainty":"proved","confirmed":true,"#
        + #""deadlineUSec":1700000000600000,"detector":"median","epoch":1699999999,"#
        + #""heartbeatIntervalUSec":200000,"id":"db2","jitterUSec":150,"lastHeardUSec":1700000000000000,"#
        + #""lossInPerMille":7,"lossOutPerMille":8,"marginUSec":400000,"mistakes":1,"mode":"heartbeat+ping","#
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
        #"{"cause":"crash","certainty":"proved","dot":"db1@1700000000:42","event":"suspect","evidence":"#
        + evidence + #","peer":"db2","timeUSec":1700000001000000}"#
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

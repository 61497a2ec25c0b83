import StatusAPI
import Testing

/// What the streams and lists of the interface hold, and which subscriptions are refused.
@Suite("Subscriptions")
struct SubscriptionTests {
    @Test("ListPeers answers sorted by id, whatever the provider's order")
    func peersSorted() throws {
        var conversation = Conversation()
        conversation.provider.peerCount = 3
        let replies = try conversation.call(callText("io.suspectd.Monitor.ListPeers"))
        let ids = try replies.map { try VarlinkReply(message: [UInt8]($0.utf8)) }
            .flatMap { try $0.parameters(ListPeersReply.self).peers.map(\.id) }
        #expect(ids == ["db2", "peer1", "peer2"])
    }

    @Test("Subscribe without a snapshot still answers immediately, so that a client knows it missed nothing")
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
        let reply = try VarlinkReply(message: [UInt8](try #require(try conversation.call(call).first).utf8))
        let first = try reply.parameters(SubscribeReply.self)
        #expect(first.peers == [Full.peer] && first.event == nil)
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

    @Test("what the daemon cannot judge is refused in its words, and no stream is open")
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
}

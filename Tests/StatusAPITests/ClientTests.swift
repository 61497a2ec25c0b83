import StatusAPI
import Testing

/// The other end of the protocol.
@Suite("The client's side")
struct ClientTests {
    @Test("headers are written only when they are set")
    func calls() throws {
        let plain = try VarlinkMessage.call("a.b.C")
        #expect(String(decoding: plain.bytes, as: UTF8.self) == "{\"method\":\"a.b.C\",\"parameters\":{}}\0")
        let full = try VarlinkMessage.call(
            "a.b.C", parameters: PeerParameters(id: "x"), more: true, oneway: true)
        #expect(
            String(decoding: full.bytes, as: UTF8.self)
                == "{\"method\":\"a.b.C\",\"more\":true,\"oneway\":true,\"parameters\":{\"id\":\"x\"}}\0")
    }

    @Test("what the service writes, the client reads", arguments: [1, 13, 100_000])
    func roundTrip(chunk: Int) throws {
        var conversation = Conversation()
        var client = VarlinkClient()
        let calls = [
            try VarlinkMessage.call(MonitorMethod.getStatus.fullName),
            try VarlinkMessage.call(MonitorMethod.why.fullName, parameters: PeerParameters(id: "db2")),
            try VarlinkMessage.call(MonitorMethod.getPeer.fullName, parameters: PeerParameters(id: "ghost")),
            try VarlinkMessage.call(MonitorMethod.subscribe.fullName, more: true),
        ]
        for call in calls { try conversation.send(call.bytes) }
        var replies: [VarlinkReply] = []
        while !conversation.session.pendingOutput.isEmpty {
            let bytes = conversation.session.pendingOutput.prefix(chunk)
            try client.receive(bytes)
            conversation.session.consumeOutput(bytes.count)
            while let reply = try client.nextReply() { replies.append(reply) }
        }
        try #require(replies.count == 4)
        #expect(try replies[0].parameters(GetStatusReply.self).status == Full.status)
        var why = WhyReply(peer: Full.peer, evidence: Full.evidence, history: [Full.event])
        why.ranks = [RankReport(rank: "silence", finding: "2 pings unanswered")]
        #expect(try replies[1].parameters(WhyReply.self) == why)
        #expect(replies[2].error == MonitorInterface.noSuchPeerName)
        #expect(try replies[2].parameters(PeerParameters.self).id == "ghost")
        #expect(replies[3].continues)
        #expect(try replies[3].parameters(SubscribeReply.self).peers?.count == 2)
    }

    @Test("a reply that is no reply is refused", arguments: ["[]", "x", #"{"continues":1}"#])
    func badReply(text: String) throws {
        var client = VarlinkClient()
        try client.receive([UInt8](text.utf8) + [0])
        #expect(throws: VarlinkDisconnect.self) { try client.nextReply() }
    }
}

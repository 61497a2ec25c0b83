import StatusAPI
import Testing

/// What one client can do to a session.
@Suite("A client's session")
struct SessionTests {
    let info = callText("org.varlink.service.GetInfo")

    @Test(
        "what is no call is answered by closing",
        arguments: [
            "", "{", "null", "[]", "42", "\"text\"", "{}", #"{"method":7}"#, #"{"method":null}"#,
            #"{"method":"a.b","more":"yes"}"#, "GET / HTTP/1.1\r\n\r\n", "\u{1}\u{2}\u{3}",
            #"{"method":"a.b"}}"#,
        ])
    func garbage(text: String) {
        var conversation = Conversation()
        let refusal = #expect(throws: VarlinkDisconnect.self) { try conversation.call(text) }
        guard case .malformedCall = refusal else {
            Issue.record("refused as \(String(describing: refusal))")
            return
        }
        #expect(conversation.takeReplies() == [])
    }

    @Test("bytes that are no text are refused", arguments: [0x80, 0xFE, 0xFF] as [UInt8])
    func notText(byte: UInt8) {
        var conversation = Conversation()
        #expect(throws: VarlinkDisconnect.self) {
            try conversation.send([UInt8](repeating: byte, count: 100) + [0])
        }
    }

    @Test(
        "64 KiB of opening brackets are refused before anything recurses",
        arguments: ["[", "{\"a\":", "[{\"a\":["])
    func bracketBomb(opening: String) {
        var conversation = Conversation()
        let bomb = String(repeating: opening, count: 65_000 / opening.count)
        #expect(throws: VarlinkDisconnect.nestedTooDeeply(limit: 16)) { try conversation.call(bomb) }
        let inside = #"{"method":"org.varlink.service.GetInfo","parameters":\#(bomb.prefix(60_000))"#
        #expect(throws: VarlinkDisconnect.nestedTooDeeply(limit: 16)) { try conversation.call(inside) }
    }

    @Test("half a message waits for its other half")
    func half() throws {
        var conversation = Conversation()
        try conversation.send(String(info.prefix(20)))
        #expect(conversation.takeReplies() == [])
        #expect(conversation.session.wantsInput)
        #expect(try conversation.call(String(info.dropFirst(20))).count == 1)
    }

    @Test("a megabyte without a terminator is refused as soon as it passes the limit")
    func megabyte() throws {
        var conversation = Conversation()
        let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 16 * 1024)
        for _ in 0..<4 { try conversation.send(chunk) }
        #expect(throws: VarlinkDisconnect.callTooLong(limit: 65_536)) { try conversation.send(chunk) }
    }

    @Test("pipelined calls are answered in their order")
    func order() throws {
        var conversation = Conversation()
        let names = ["a", "b", "db2", "c"]
        try conversation.send(
            names.map { callText("io.suspectd.Monitor.GetPeer", "{\"id\":\"\($0)\"}") + "\0" }.joined())
        let replies = conversation.takeReplies()
        #expect(replies.count == 4)
        for (name, reply) in zip(names, replies) { #expect(reply.contains("\"id\":\"\(name)\"")) }
    }

    @Test("a turn answers a bounded number of calls, and the rest in the next turns")
    func boundedTurn() throws {
        var conversation = Conversation()
        try conversation.send(String(repeating: info + "\0", count: 20))
        #expect(conversation.takeReplies().count == 8)
        #expect(conversation.session.hasReadyCall)
        #expect(
            !conversation.session.wantsInput, "it is we who are behind: the client's socket holds it back")
        try conversation.advance()
        #expect(conversation.takeReplies().count == 8)
        try conversation.advance()
        #expect(conversation.takeReplies().count == 4)
        #expect(!conversation.session.hasReadyCall)
        #expect(conversation.session.wantsInput)
    }

    @Test("a long call or a long reply ends the turn on its own")
    func boundedBytes() throws {
        var conversation = Conversation()
        conversation.provider.peerCount = 100
        try conversation.send(
            String(repeating: callText("io.suspectd.Monitor.ListPeers") + "\0", count: 2))
        #expect(conversation.takeReplies().count == 1)
        #expect(conversation.session.hasReadyCall)
        try conversation.advance()
        #expect(conversation.takeReplies().count == 1)
        let long = callText(
            "io.suspectd.Monitor.GetPeer", "{\"id\":\"\(String(repeating: "x", count: 40_000))\"}")
        try conversation.send(long + "\0" + long + "\0")
        #expect(conversation.takeReplies().count == 1)
        #expect(conversation.session.hasReadyCall)
    }

    @Test("a client that calls and never reads is disconnected, and memory stays bounded")
    func neverReads() {
        var conversation = Conversation()
        let calls = [UInt8](String(repeating: info + "\0", count: 100).utf8)
        var largest = 0
        let refusal = #expect(throws: VarlinkDisconnect.self) {
            for _ in 0..<1000 {
                try conversation.send(calls)
                largest = max(largest, conversation.session.pendingOutputCount)
            }
        }
        #expect(refusal == .readerTooSlow(limit: 65_536) || refusal == .tooManyPipelinedCalls(limit: 131_072))
        #expect(largest < 70_000)
    }

    @Test("replies that no one reads stop further answers, and reading resumes them")
    func backlog() throws {
        var limits = VarlinkLimits()
        limits.replyBacklogBytes = 100
        var conversation = Conversation(limits: limits)
        try conversation.send(info + "\0" + info + "\0")
        #expect(!conversation.session.hasReadyCall)
        #expect(conversation.session.wantsInput, "so that a client that never reads is noticed")
        #expect(conversation.takeReplies().count == 1)
        #expect(conversation.session.hasReadyCall)
        try conversation.advance()
        #expect(conversation.takeReplies().count == 1)
    }

    @Test("a slow subscriber is dropped with a reason, and only it")
    func slowSubscriber() throws {
        var slow = Conversation()
        var quick = Conversation()
        _ = try slow.call(callText("io.suspectd.Monitor.Subscribe", more: true))
        _ = try quick.call(callText("io.suspectd.Monitor.Subscribe", more: true))
        let event = try VarlinkMessage.event(Full.event)
        let room = 262_144 / event.bytes.count
        for _ in 0..<room {
            try slow.session.push(event)
            try quick.session.push(event)
            #expect(quick.takeReplies().count == 1)
        }
        #expect(throws: VarlinkDisconnect.readerTooSlow(limit: 262_144)) { try slow.session.push(event) }
        try quick.session.push(event)
        #expect(quick.takeReplies().count == 1)
    }

    @Test("a snapshot larger than any backlog still arrives whole, with events behind it")
    func largeSnapshot() throws {
        var conversation = Conversation()
        conversation.provider.peerCount = 1000
        try conversation.send(callText("io.suspectd.Monitor.Subscribe", more: true) + "\0")
        #expect(conversation.session.pendingOutputCount > 262_144)
        for _ in 0..<10 { try conversation.session.push(.event(Full.event)) }
        #expect(conversation.takeReplies().count == 11)
    }

    @Test("calls behind an open stream wait, and too many of them are refused")
    func behindStream() throws {
        var conversation = Conversation()
        let subscribe = callText("io.suspectd.Monitor.Subscribe", more: true)
        #expect(try conversation.call(subscribe + "\0" + info).count == 1)
        #expect(!conversation.session.hasReadyCall)
        #expect(conversation.session.wantsInput)
        let calls = String(repeating: info + "\0", count: 100)
        #expect(throws: VarlinkDisconnect.tooManyPipelinedCalls(limit: 131_072)) {
            for _ in 0..<100 { try conversation.send(calls) }
        }
    }

    @Test("nothing is pushed to a client that did not subscribe")
    func notSubscribed() throws {
        var conversation = Conversation()
        try conversation.session.push(.event(Full.event))
        #expect(conversation.session.pendingOutput.isEmpty)
    }

    @Test("replies before a bad call are still there to be sent")
    func repliesBeforeGarbage() {
        var conversation = Conversation()
        #expect(throws: VarlinkDisconnect.self) { try conversation.send(info + "\0garbage\0") }
        #expect(conversation.takeReplies().count == 1)
    }

    @Test("ten thousand mutated calls never crash, and a good one still counts")
    func mutations() throws {
        var generator = SystemRandomNumberGenerator()
        let good = [UInt8](callText("io.suspectd.Monitor.GetPeer", #"{"id":"db2"}"#).utf8)
        for index in 0..<10_000 {
            var bytes = good
            if index < good.count * 8 {
                bytes[index / 8] ^= 1 << (index % 8)
            } else {
                for _ in 0..<3 {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255)
                }
            }
            var conversation = Conversation()
            try? conversation.send(bytes + [0])
        }
        var conversation = Conversation()
        #expect(try conversation.call(String(decoding: good, as: UTF8.self)).count == 1)
    }
}

/// One client's connection, without its socket.
///
/// The owner of the socket passes in what it read, and sends what waits in `pendingOutput`. A session costs a
/// bounded amount of memory and of time in each turn, whatever its client does:
///
/// - It answers at most `callsPerTurn` calls and about `bytesPerTurn` at a time; while `hasReadyCall`, call `advance` in the next turn.
/// - It answers none while the client leaves `replyBacklogBytes` unread, and none behind an open stream.
/// - Read from the socket only while `wantsInput`. A client that sends more than it reads is then held back by
///   its own socket, and one that does not read at all is disconnected.
///
/// Every thrown `VarlinkDisconnect` means: close this connection. Other connections are not touched.
package struct VarlinkSession: Sendable {
    /// The connected client.
    package let caller: VarlinkCaller
    /// The method whose call stays open for pushed messages, if one does.
    package private(set) var openStream: String?
    /// The call that its handler could not answer yet, if there is one.
    package private(set) var awaited: VarlinkCall?

    private let limits: VarlinkLimits
    private let tally: ByteTally?
    private var framer: VarlinkFramer
    private var output = VarlinkOutput()

    /// Starts a session for a connection that was accepted.
    ///
    /// - Parameters:
    ///   - caller: the connected client.
    ///   - limits: what the connection may cost.
    ///   - tally: counts the bytes of its replies for as long as they are in memory.
    package init(
        caller: VarlinkCaller, limits: VarlinkLimits = VarlinkLimits(), tally: ByteTally? = nil
    ) {
        self.caller = caller
        self.limits = limits
        self.tally = tally
        framer = VarlinkFramer(limit: limits.callBytes)
    }

    /// What to send next, one message or the rest of one; empty when nothing waits.
    package var pendingOutput: ArraySlice<UInt8> { output.next }

    /// How many bytes wait to be sent.
    package var pendingOutputCount: Int { output.count }

    /// Whether a call waits that `advance` would answer now.
    package var hasReadyCall: Bool { framer.hasMessage && canAnswer }

    /// Whether to read from the socket: not while replies are waiting to be sent.
    package var wantsInput: Bool { !framer.hasMessage || (awaited == nil && !canAnswer) }

    private var canAnswer: Bool {
        openStream == nil && awaited == nil && output.count < limits.replyBacklogBytes
    }

    /// Takes bytes from the client and answers the calls that they complete.
    package mutating func receive<Handler: VarlinkHandler & ~Copyable>(
        _ bytes: some Collection<UInt8>, service: VarlinkService, handler: inout Handler
    ) throws(VarlinkDisconnect) {
        try framer.append(bytes)
        try advance(service: service, handler: &handler)
        guard framer.count <= limits.waitingCallBytes else {
            guard canAnswer || openStream != nil || awaited != nil else {
                throw .readerTooSlow(limit: limits.replyBacklogBytes)
            }
            throw .tooManyPipelinedCalls(limit: limits.waitingCallBytes)
        }
    }

    /// Answers calls that wait, in their order, as many as one turn of the loop may hold.
    package mutating func advance<Handler: VarlinkHandler & ~Copyable>(
        service: VarlinkService, handler: inout Handler
    ) throws(VarlinkDisconnect) {
        let waitingBefore = output.count
        var callBytes = 0
        for _ in 0..<limits.callsPerTurn {
            guard output.count - waitingBefore + callBytes < limits.bytesPerTurn else { return }
            guard canAnswer, let message = try framer.next() else { return }
            callBytes += message.count
            let call = try VarlinkCall(message: message, nesting: limits.nesting)
            try answer(call, service: service, handler: &handler)
        }
    }

    /// Asks the handler again about the call that waits, if one does.
    package mutating func resume<Handler: VarlinkHandler & ~Copyable>(
        service: VarlinkService, handler: inout Handler
    ) throws(VarlinkDisconnect) {
        guard let call = awaited else { return }
        awaited = nil
        try answer(call, service: service, handler: &handler)
    }

    /// Answers the call that waits with a reply that was encoded before, for an equal call.
    package mutating func resume(with reply: VarlinkMessage) {
        guard let call = awaited else { return }
        awaited = nil
        if !call.oneway { output.append(reply, isPushed: false) }
    }

    /// The latest of the messages that wait to be sent whole.
    package var lastReply: VarlinkMessage? { output.last }

    /// Adds a message to the open stream; one that was encoded for all subscribers simultaneously.
    ///
    /// Without an open stream nothing happens. A reader that is too far behind is to be disconnected.
    package mutating func push(_ message: VarlinkMessage) throws(VarlinkDisconnect) {
        guard openStream != nil else { return }
        guard output.pushedCount + message.bytes.count <= limits.pushBacklogBytes else {
            throw .readerTooSlow(limit: limits.pushBacklogBytes)
        }
        output.append(message, isPushed: true)
    }

    /// Forgets the first `count` bytes of `pendingOutput`, which were sent.
    package mutating func consumeOutput(_ count: Int) {
        output.consume(count)
    }

    private mutating func answer<Handler: VarlinkHandler & ~Copyable>(
        _ call: VarlinkCall, service: VarlinkService, handler: inout Handler
    ) throws(VarlinkDisconnect) {
        do throws(JSONFailure) {
            try append(answerTo: call, service: service, handler: &handler)
        } catch {
            throw .replyNotEncodable(error.description)
        }
    }

    private mutating func append<Handler: VarlinkHandler & ~Copyable>(
        answerTo call: VarlinkCall, service: VarlinkService, handler: inout Handler
    ) throws(JSONFailure) {
        let answer: VarlinkAnswer
        do throws(VarlinkError) {
            answer = try service.answer(call, from: caller, with: &handler)
        } catch {
            if !call.oneway { output.append(try .error(error), isPushed: false) }
            return
        }
        if answer.isLater { awaited = call }
        guard !call.oneway else { return }
        for (index, reply) in answer.replies.enumerated() {
            let continues = answer.staysOpen || index < answer.replies.count - 1
            let message = try VarlinkMessage.encodingReply(reply, continues: continues)
            output.append(message.counted(by: tally), isPushed: false)
        }
        if answer.staysOpen { openStream = call.method }
    }
}

extension VarlinkMessage {
    /// Opens the existential, so that the generic encoder can be used.
    fileprivate static func encodingReply(
        _ parameters: any Encodable & Sendable, continues: Bool
    ) throws(JSONFailure) -> VarlinkMessage {
        try reply(parameters, continues: continues)
    }
}

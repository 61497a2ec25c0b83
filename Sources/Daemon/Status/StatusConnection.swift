internal import LinuxIO
internal import StatusAPI

/// One client of the status socket.
///
/// A class, because it has one socket and stands in a list.
final class StatusConnection {
    /// Whether the connection continues.
    enum Outcome {
        case open
        case closed
    }

    /// What the kernel keeps of our replies for a client that does not read, in bytes; it takes twice as much.
    private static let sendBuffer: CInt = 64 * 1024

    let token: UInt64
    let user: UInt32
    let process: CInt
    /// What its slot is kept for.
    var slot = StatusSlot.shared
    /// Whether it has said that a service makes progress.
    var hasShownProgress = false
    /// When it last had anything to do, by `Clocks.monotonic()`.
    private var lastActive = Clocks.monotonic()
    /// The view that its call waits for; 0 while that is not decided.
    var ticket: UInt64 = 0
    /// Whether its socket is watched.
    var isWatched = true
    /// Whether the loop has been asked to do something for its call.
    var isAsked = false
    /// Since when, by `Clocks.monotonic()`, it has had something to read; `nil` while it has read everything.
    private(set) var owedSince: Int64?
    /// The stream that it has opened.
    private(set) var served: MonitorStream?
    /// Whether the client sends nothing more: what it has asked for is still answered.
    private(set) var isHalfClosed = false

    private let stream: UnixStream
    private var session: VarlinkSession
    private var interest = Readiness.read
    /// The peers that its subscription names; `nil` for all.
    private var peers: Set<String>?

    init(_ stream: consuming UnixStream, token: UInt64, tally: ByteTally) throws(SystemCallError) {
        let credentials = try stream.peerCredentials()
        try stream.limitSendBuffer(to: Self.sendBuffer)
        self.stream = stream
        self.token = token
        user = credentials.user
        process = credentials.process
        session = VarlinkSession(
            caller: VarlinkCaller(userID: credentials.user, processID: credentials.process), tally: tally)
    }

    var raw: CInt { stream.raw }

    /// The call that waits for a view.
    var awaited: VarlinkCall? { session.awaited }

    /// Whether calls wait that the last turn had no time for.
    var hasReadyCall: Bool { session.hasReadyCall }

    /// How many bytes wait for the client to read.
    var owed: Int { session.pendingOutputCount }

    /// Whether the loop does something for it: feeds its stream, or answers its call.
    var concernsLoop: Bool {
        switch served {
        case nil: isAsked
        case .events(let parameters): parameters.hasThreshold
        case .heartbeats: true
        }
    }

    /// Its part in how slots are given.
    var occupant: StatusSlots.Occupant {
        let isIdle = session.awaited == nil && !session.hasReadyCall && owed == 0 && served == nil
        return StatusSlots.Occupant(
            token: token, user: user, slot: slot,
            idleSince: isIdle && !hasShownProgress ? lastActive : nil)
    }

    /// Whether the client waits for events, or may do so when its call is answered.
    var isListening: Bool {
        if case .events = served { return true }
        return session.awaited?.more ?? false
    }

    /// Reads what is there, and answers what needs no view; every other call waits for one.
    func serve(buffer: UnsafeMutableRawBufferPointer, service: VarlinkService) throws(VarlinkDisconnect)
        -> Outcome
    {
        var handler = CallsLater()
        if session.wantsInput {
            // A socket that cannot be read is as good as closed.
            switch (try? stream.read(into: buffer)) ?? .closed {
            case .closed:
                isHalfClosed = true
                guard session.awaited != nil || session.hasReadyCall || owed > 0, served == nil else {
                    return .closed
                }
            case .wouldBlock: break
            case .bytes(let count):
                try session.receive(
                    UnsafeRawBufferPointer(rebasing: buffer[..<count]), service: service, handler: &handler)
            }
        } else {
            try session.advance(service: service, handler: &handler)
        }
        return flush()
    }

    /// Answers the call that waits, from a view, or learns what it wants of the loop (`state.call.wish`).
    func answer(by state: inout NodeState, service: VarlinkService) throws(VarlinkDisconnect) -> Outcome {
        if session.awaited?.member == MonitorMethod.alive.rawValue {
            state.call.caller = stream.peerProcess()
        }
        try session.resume(service: service, handler: &state)
        if let opened = state.call.opened, session.openStream != nil { begin(opened) }
        return flush()
    }

    /// Answers the call that waits as an equal one was answered.
    func answer(with reply: VarlinkMessage) -> Outcome {
        session.resume(with: reply)
        return flush()
    }

    /// Sends what can be sent to a client that has closed its half; it goes when it has got all.
    func finish() throws(VarlinkDisconnect) -> Outcome {
        guard case .open = flush(), session.awaited != nil || owed > 0 else { return .closed }
        return .open
    }

    /// The latest of the replies that wait to be sent whole.
    var lastReply: VarlinkMessage? { session.lastReply }

    private func begin(_ stream: MonitorStream) {
        served = stream
        guard case .events(let parameters) = stream else { return }
        peers = parameters.peers.map { Set($0) }
    }

    /// Whether one of the daemon's own events is for this client.
    func wants(_ event: EventReport) -> Bool {
        guard case .events(let parameters) = served else { return false }
        if let peers, let peer = event.peer, !peers.contains(peer) {
            guard let service = event.serviceID, peers.contains(service.description) else { return false }
        }
        return parameters.wants(event.event)
    }

    /// Adds an event for a client that has subscribed.
    func push(_ event: VarlinkMessage) throws(VarlinkDisconnect) -> Outcome {
        try session.push(event)
        return flush()
    }

    /// What to watch the socket for, when that has changed.
    func takeChangedInterest() -> Readiness? {
        var wanted: Readiness = session.wantsInput ? .read : []
        if session.pendingOutputCount > 0 { wanted.insert(.write) }
        guard wanted != interest else { return nil }
        interest = wanted
        return wanted
    }

    private func flush() -> Outcome {
        lastActive = Clocks.monotonic()
        defer { owedSince = session.pendingOutputCount > 0 ? owedSince ?? Clocks.monotonic() : nil }
        while session.pendingOutputCount > 0 {
            let outcome = session.pendingOutput.withUnsafeBytes { try? stream.write($0) }
            switch outcome {
            case .bytes(let count): session.consumeOutput(count)
            case .wouldBlock: return .open
            case .closed, nil: return .closed
            }
        }
        return .open
    }
}

/// Answers nothing: what concerns the daemon waits for a view.
private struct CallsLater: VarlinkHandler {
    mutating func answer(_ call: VarlinkCall, from caller: VarlinkCaller) -> VarlinkAnswer { .later }
}

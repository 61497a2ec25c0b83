internal import LinuxIO
internal import StatusAPI

/// One client of the status socket.
///
/// A class, because it has one socket and stands in a list.
final class StatusConnection {
    /// Whether the connection goes on.
    enum Outcome {
        case open
        case closed
    }

    let token: UInt64
    let user: UInt32
    private let stream: UnixStream
    private var session: VarlinkSession
    private var interest = Readiness.read
    /// The call that stays open, if one does.
    var served: ServedStream?

    init(_ stream: consuming UnixStream, token: UInt64) throws(SystemCallError) {
        let credentials = try stream.peerCredentials()
        self.stream = stream
        self.token = token
        user = credentials.user
        session = VarlinkSession(
            caller: VarlinkCaller(userID: credentials.user, processID: credentials.process))
    }

    var raw: CInt { stream.raw }

    /// Whether the client waits for events.
    var isSubscribed: Bool {
        if case .events = served?.stream { true } else { false }
    }

    /// Whether calls wait that the last turn had no time for.
    var hasReadyCall: Bool { session.hasReadyCall }

    /// Reads what is there, answers it, and sends what can be sent.
    func serve(
        buffer: UnsafeMutableRawBufferPointer, service: VarlinkService, state: inout NodeState
    ) throws(VarlinkDisconnect) -> Outcome {
        if session.wantsInput {
            switch read(into: buffer) {
            case .closed: return .closed
            case .wouldBlock: break
            case .bytes(let count):
                try session.receive(
                    UnsafeRawBufferPointer(rebasing: buffer[..<count]), service: service, handler: &state)
            }
        } else {
            try session.advance(service: service, handler: &state)
        }
        // A call after which another one waits opens no stream, so there is at most one.
        if let opened = state.takeOpened(), session.openStream != nil { served = opened }
        return flush()
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

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
        // A socket that cannot be read is as good as closed.
        (try? stream.read(into: buffer)) ?? .closed
    }

    private func flush() -> Outcome {
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

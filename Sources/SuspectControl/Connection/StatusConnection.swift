internal import LinuxIO
internal import StatusAPI

/// A connection to the daemon's status socket that waits, but never for long.
struct StatusConnection: ~Copyable {
    /// How long to wait for a connection and for each reply, in nanoseconds.
    static let patience: Int64 = 5_000_000_000

    /// The socket's path, for messages.
    let path: String

    private let stream: UnixStream
    private let patience: Int64
    private let deadline: Int64
    /// How long it had to answer when it was connected to: said where it does not.
    private let grantedWait: Int64
    private var client = VarlinkClient()

    /// Connects.
    ///
    /// - Parameters:
    ///   - path: the socket's path.
    ///   - patience: how long to wait for a connection and for each reply, in nanoseconds.
    ///   - deadline: until when at most, an instant of `Clocks.monotonic()`; a millisecond is granted after it.
    /// - Throws: `ControlFailure` where no daemon takes the connection in time.
    init(
        path: String, patience: Int64 = Self.patience, until deadline: Int64 = .max
    ) throws(ControlFailure) {
        grantedWait = Self.wait(patience, until: deadline)
        do throws(SystemCallError) {
            stream = try UnixStream.connect(to: path, timeout: grantedWait)
        } catch {
            guard error.errno != .permissionDenied else { throw .notAdmitted(socket: path) }
            throw .unreachable(socket: path, cause: "\(error.errno)")
        }
        self.path = path
        self.patience = patience
        self.deadline = deadline
    }

    private static func wait(_ patience: Int64, until deadline: Int64) -> Int64 {
        min(patience, max(deadline - Clocks.monotonic(), 1_000_000))
    }

    /// How long to wait now.
    private var wait: Int64 { Self.wait(patience, until: deadline) }

    /// The descriptor, to wait for together with others.
    var descriptor: CInt { stream.raw }

    /// Calls a method and waits for its only reply.
    mutating func call<Reply: Decodable>(
        _ method: MonitorMethod, _ parameters: some Encodable = NoParameters(), as type: Reply.Type
    ) throws(ControlFailure) -> Reply {
        try answer(to: method, parameters, as: type)
    }

    /// Calls a method that every service has, and waits for its only reply.
    mutating func manage<Reply: Decodable>(
        _ method: ServiceMethod, _ parameters: some Encodable = NoParameters(), as type: Reply.Type
    ) throws(ControlFailure) -> Reply {
        try answer(to: method, parameters, as: type)
    }

    /// Subscribes and returns the snapshot of the peers.
    mutating func subscribe(
        _ parameters: SubscribeParameters = SubscribeParameters(snapshot: true)
    ) throws(ControlFailure) -> [PeerReport] {
        try send(MonitorMethod.subscribe, parameters, more: true)
        let reply = try awaitReply()
        return try decode(reply, of: MonitorMethod.subscribe, as: SubscribeReply.self).peers ?? []
    }

    /// Waits for the next event of a subscription; `nil` when none came in time, which may be 0 nanoseconds.
    mutating func nextEvent(within nanoseconds: Int64) throws(ControlFailure) -> EventReport? {
        let deadline = Clocks.monotonic() + nanoseconds
        while let reply = try nextReply(within: max(0, deadline - Clocks.monotonic())) {
            if let event = try decode(reply, of: MonitorMethod.subscribe, as: SubscribeReply.self).event {
                return event
            }
        }
        return nil
    }

    /// The events of the daemon, and the latest of those that fit a filter, so many or all.
    mutating func latestEvents(
        _ last: Int?, of parameters: SubscribeParameters
    ) throws(ControlFailure) -> (listed: [EventReport], wanted: [EventReport]) {
        // The daemon does not filter what it lists.
        let asked = ListEventsParameters(last: parameters.peers == nil ? last : nil)
        let listed = try call(.listEvents, asked, as: ListEventsReply.self).events
        let wanted = listed.filter { parameters.concerns($0) }
        return (listed, Array(wanted.suffix(last ?? wanted.count)))
    }

    /// Begins to record a peer, and returns the first reply, which holds no heartbeat.
    mutating func record(_ id: String) throws(ControlFailure) -> RecordReply {
        try send(MonitorMethod.record, PeerParameters(id: id), more: true)
        let reply = try awaitReply()
        return try decode(reply, of: MonitorMethod.record, as: RecordReply.self)
    }

    /// Waits for the next heartbeats of a recording; `nil` when none came in time, which may be 0 nanoseconds.
    mutating func nextHeartbeats(within nanoseconds: Int64) throws(ControlFailure) -> RecordReply? {
        try nextReply(within: nanoseconds).map { reply throws(ControlFailure) in
            try decode(reply, of: MonitorMethod.record, as: RecordReply.self)
        }
    }

    private mutating func answer<Reply: Decodable>(
        to method: some VarlinkMethod, _ parameters: some Encodable, as type: Reply.Type
    ) throws(ControlFailure) -> Reply {
        try send(method, parameters, more: false)
        let reply = try awaitReply()
        return try decode(reply, of: method, as: type)
    }

    private mutating func send(
        _ method: some VarlinkMethod, _ parameters: some Encodable, more: Bool
    ) throws(ControlFailure) {
        let sent: Bool
        do {
            let message = try VarlinkMessage.call(method.fullName, parameters: parameters, more: more)
            sent = try message.bytes.withUnsafeBytes { bytes throws(SystemCallError) in
                try stream.writeAll(bytes, timeout: wait)
            }
        } catch {
            throw .unreachable(socket: path, cause: "\(error)")
        }
        guard sent else { throw .unreachable(socket: path, cause: "it does not take the call") }
    }

    /// Waits for a reply that has to come.
    private mutating func awaitReply() throws(ControlFailure) -> VarlinkReply {
        guard let reply = try nextReply(within: wait) else {
            // Rounded up to whole milliseconds, in microseconds.
            throw .silent(socket: path, patience: Int((grantedWait + 999_999) / 1_000_000) * 1_000)
        }
        return reply
    }

    private mutating func nextReply(within nanoseconds: Int64) throws(ControlFailure) -> VarlinkReply? {
        let deadline = Clocks.monotonic() + nanoseconds
        do {
            while true {
                if let reply = try client.nextReply() { return reply }
                switch try read(within: max(0, deadline - Clocks.monotonic())) {
                case .bytes: continue
                case .wouldBlock: return nil
                case .closed:
                    throw ControlFailure.stopped(socket: path, cause: "it closed the connection")
                }
            }
        } catch let failure as ControlFailure {
            throw failure
        } catch let failure as SystemCallError {
            throw .unreachable(socket: path, cause: failure.description)
        } catch {
            throw .badReply("\(error)")
        }
    }

    private mutating func read(within nanoseconds: Int64) throws -> ReadOutcome {
        try withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
            let outcome = try stream.read(into: buffer, timeout: nanoseconds)
            if case .bytes(let count) = outcome {
                try client.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            return outcome
        }
    }
}

/// Turns a reply into what it carries, or into the failure that it reports.
private func decode<Reply: Decodable>(
    _ reply: VarlinkReply, of method: some VarlinkMethod, as type: Reply.Type
) throws(ControlFailure) -> Reply {
    let outcome: Result<Reply, ControlFailure>
    do throws(JSONFailure) {
        if let error = reply.error {
            outcome = .failure(try failure(named: error, in: reply, of: method))
        } else {
            outcome = .success(try reply.parameters(type))
        }
    } catch {
        throw .badReply("\(method.rawValue): \(error)")
    }
    return try outcome.get()
}

/// What an error reply means to the user.
private func failure(
    named name: String, in reply: VarlinkReply, of method: some VarlinkMethod
) throws(JSONFailure) -> ControlFailure {
    switch name {
    case MonitorInterface.noSuchPeerName: .noSuchPeer(try reply.parameters(PeerParameters.self).id)
    case MonitorInterface.noSuchServiceName:
        .noSuchService(try reply.parameters(ServiceParameters.self).id)
    case MonitorInterface.aliveRefusedName: .aliveRefused(try reply.parameters(AliveRefusal.self).reason)
    case MonitorInterface.subscriptionRefusedName:
        .subscriptionRefused(try reply.parameters(SubscriptionRefusal.self).reason)
    case MonitorInterface.reloadFailedName: .reloadFailed(try reply.parameters(ReloadFailure.self).errors)
    case "org.varlink.service.PermissionDenied": .permissionDenied(method: method.rawValue)
    default: .refused(method: method.rawValue, error: name)
    }
}

internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Wire

/// The status socket: accepts clients, answers their calls, pushes events.
///
/// Whatever a client does costs a bounded part of a turn, and never a turn of the detector.
struct StatusServer: ~Copyable {
    /// Connections in all, and those of one user.
    static let connectionLimit = 128
    static let userLimit = 64
    /// Connections kept free for root and the daemon's own user, whatever the others do.
    static let reserve = 16

    /// How long a turn may serve clients before the others have to wait for the next one, in nanoseconds.
    private static let patience: Int64 = 5_000_000

    private let listener: UnixListener
    private let service = MonitorInterface.service(version: ReleaseVersion.text)
    private var connections: [StatusConnection] = []
    private var nextToken: UInt64
    private let listenerToken: UInt64
    /// When to try again to accept clients, after descriptors ran out; `nil` while the listener is watched.
    private var acceptAgain: Instant?
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    /// When this turn stops serving clients, by `Clocks.boottime()`.
    private var servingUntil: Int64 = 0
    /// The configuration that the streams know.
    private var reloads = 0

    /// Serves whoever connects to `listener`; tokens from `firstToken` on are the server's.
    init(_ listener: consuming UnixListener, firstToken: UInt64, epoll: borrowing Epoll)
        throws(SystemCallError)
    {
        try epoll.add(listener.raw, token: firstToken, interest: .read)
        self.listener = listener
        listenerToken = firstToken
        nextToken = firstToken + 1
    }

    /// Whether a client waits for its turn although nothing new has arrived.
    var hasReadyCall: Bool { connections.contains { $0.hasReadyCall } }

    /// Whether anybody waits for events.
    var hasSubscribers: Bool { connections.contains { $0.isSubscribed } }

    /// Begins a turn's service of clients.
    mutating func beginServing() { servingUntil = Clocks.boottime() + Self.patience }

    /// Whether this turn has time for one more client; who has to wait is still ready in the next turn.
    private var hasTime: Bool { Clocks.boottime() < servingUntil }

    /// Takes one ready descriptor of the server's.
    mutating func serve(_ token: UInt64, epoll: borrowing Epoll, state: inout NodeState)
        throws(SystemCallError)
    {
        guard hasTime else { return }
        guard token != listenerToken else { return try accept(epoll: epoll, state: &state) }
        guard let connection = connections.first(where: { $0.token == token }) else { return }
        try serve(connection, epoll: epoll, state: &state)
    }

    /// Answers the calls that waited for this turn.
    mutating func serveWaiting(epoll: borrowing Epoll, state: inout NodeState) throws(SystemCallError) {
        if let acceptAgain, acceptAgain <= state.now { try resumeAccepting(epoll: epoll) }
        for connection in connections where connection.hasReadyCall && hasTime {
            try serve(connection, epoll: epoll, state: &state)
        }
    }

    /// Sends an event to every subscriber; it is encoded once.
    mutating func push(_ event: EventReport, peer: StatusAPI.PeerReport?, epoll: borrowing Epoll)
        throws(SystemCallError)
    {
        guard !connections.isEmpty, let message = try? VarlinkMessage.event(event, peer: peer) else { return }
        for connection in connections where connection.served?.wants(event) ?? false {
            try push(message, to: connection, epoll: epoll)
        }
    }

    private mutating func push(
        _ message: VarlinkMessage, to connection: StatusConnection, epoll: borrowing Epoll
    ) throws(SystemCallError) {
        let outcome = (try? connection.push(message)) ?? .closed
        try settle(connection, outcome, epoll: epoll)
    }

    private mutating func serve(
        _ connection: StatusConnection, epoll: borrowing Epoll, state: inout NodeState
    ) throws(SystemCallError) {
        state.prepareForCall(watched: connections.reduce(0) { $0 + ($1.served?.watch?.count ?? 0) })
        let outcome = buffer.withUnsafeMutableBytes { bytes in
            // A client that breaks the protocol, or does not read, is disconnected; nobody else notices.
            try? connection.serve(buffer: bytes, service: service, state: &state)
        }
        try settle(connection, outcome ?? .closed, epoll: epoll)
    }

    private mutating func settle(
        _ connection: StatusConnection, _ outcome: StatusConnection.Outcome, epoll: borrowing Epoll
    ) throws(SystemCallError) {
        switch outcome {
        case .open:
            guard let interest = connection.takeChangedInterest() else { return }
            try epoll.modify(connection.raw, token: connection.token, interest: interest)
        case .closed:
            try epoll.remove(connection.raw)
            connections.removeAll { $0 === connection }
            try resumeAccepting(epoll: epoll)
        }
    }

    private mutating func accept(epoll: borrowing Epoll, state: inout NodeState) throws(SystemCallError) {
        do throws(SystemCallError) {
            guard let stream = try listener.accept() else { return }
            let connection = try StatusConnection(stream, token: nextToken)
            nextToken += 1
            guard hasRoom(forUser: connection.user, own: state.userID) else { return }
            try epoll.add(connection.raw, token: connection.token, interest: .read)
            connections.append(connection)
        } catch {
            // Out of descriptors: clients wait in the queue until one goes, or a while; the detector goes on.
            state.noteUnaccepted(error)
            acceptAgain = state.now + .seconds(1)
            try epoll.remove(listener.raw)
        }
    }

    private func hasRoom(forUser user: UInt32, own: UInt32) -> Bool {
        if user == 0 || user == own { return connections.count < Self.connectionLimit + Self.reserve }
        let ofUser = connections.count { $0.user == user }
        return connections.count < Self.connectionLimit && ofUser < Self.userLimit
    }

    private mutating func resumeAccepting(epoll: borrowing Epoll) throws(SystemCallError) {
        guard acceptAgain != nil else { return }
        acceptAgain = nil
        try epoll.add(listener.raw, token: listenerToken, interest: .read)
    }
}

/// What single clients have asked for: verdicts by their own thresholds, and heartbeats.
extension StatusServer {
    /// When to judge by subscribers' thresholds next.
    var nextLook: Instant { connections.reduce(.never) { min($0, $1.served?.watch?.nextLook ?? .never) } }

    /// Judges by the subscribers' thresholds, after everything that had arrived by now was read.
    mutating func judge(by state: NodeState, epoll: borrowing Epoll) throws(SystemCallError) {
        for connection in connections {
            guard let threshold = connection.served?.watch?.threshold else { continue }
            var events: [EventReport] = []
            connection.served?.watch?.judge(by: state.endpoint.monitor, at: state.now) {
                events.append(state.event($0, by: threshold))
            }
            try send(events, to: connection, of: state, epoll: epoll)
        }
    }

    /// Takes the streams over into a configuration that was loaded anew.
    mutating func renewStreams(by state: NodeState, epoll: borrowing Epoll) throws(SystemCallError) {
        guard state.reloads != reloads else { return }
        reloads = state.reloads
        for connection in connections {
            guard var stream = connection.served else { continue }
            if case .heartbeats(let id) = stream.stream, state.peer(id) == nil {
                try settle(connection, .closed, epoll: epoll)
                continue
            }
            let lost = state.renew(&stream)
            connection.served = stream
            guard let threshold = stream.watch?.threshold else { continue }
            let events = lost.map { state.levelLost(of: $0, by: threshold) }
            try send(events, to: connection, of: state, epoll: epoll)
        }
    }

    /// Hands heartbeats to those who record their senders; where nobody does any more, there will be none.
    mutating func push(
        _ heartbeats: [Arrival], state: inout NodeState, epoll: borrowing Epoll
    ) throws(SystemCallError) {
        for heartbeat in heartbeats {
            let id = state.endpoint.monitor.id(ofPeer: heartbeat.peer).description
            let recorders = connections.filter { $0.served?.stream == .heartbeats(peer: id) }
            guard !recorders.isEmpty, let message = try? VarlinkMessage.heartbeats(RecordReply(heartbeat))
            else {
                state.endpoint.record(peer: heartbeat.peer, false)
                continue
            }
            for recorder in recorders { try push(message, to: recorder, epoll: epoll) }
        }
    }

    private mutating func send(
        _ events: [EventReport], to connection: StatusConnection, of state: NodeState, epoll: borrowing Epoll
    ) throws(SystemCallError) {
        for event in events {
            let peer = event.peer.flatMap { state.peer($0) }
            guard let message = try? VarlinkMessage.event(event, peer: peer) else { continue }
            try push(message, to: connection, epoll: epoll)
        }
    }
}

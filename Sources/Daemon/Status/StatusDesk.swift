internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Wire

/// The loop's side of the status socket: it hands out views of the state, and feeds the streams that need it.
///
/// The clients are served by a thread of their own (`StatusServer`). Whatever they do costs the loop two things:
///
/// - views, each a copy of the state. While views take more than a `share` of the loop's time, clients wait for the
///   next, which answers all of them;
/// - the opening of streams, in turns of `patience`.
struct StatusDesk {
    /// Views take at most one part in so many of the loop's time.
    static let share: Int64 = 20
    /// For how long a turn may open streams, in nanoseconds.
    private static let patience: Int64 = 1_000_000

    private let exchange: StatusExchange
    private var streams: [(client: UInt64, stream: ServedStream)] = []
    private var waiting: ArraySlice<StatusExchange.Request> = []
    /// The latest view that was asked for, and not yet taken.
    private var ticket: UInt64?
    private var outcomes: [UInt64: StatusView.Outcome] = [:]
    /// When the next view may be taken.
    private var nextView = Instant(nanoseconds: .min)
    /// The configuration that the streams know.
    private(set) var reloads = 0

    init(_ exchange: StatusExchange) { self.exchange = exchange }

    /// Whether there is work for the next turn.
    var hasWork: Bool { !waiting.isEmpty }

    /// Whether any client waits for events.
    var hasSubscribers: Bool { exchange.hasListeners }

    /// Whether a subscriber has a threshold of its own: each message may change the verdict by it.
    var hasThresholds: Bool { streams.contains { $0.stream.watch != nil } }

    /// When to judge by subscribers' thresholds next.
    var nextLook: Instant { streams.reduce(.never) { min($0, $1.stream.watch?.nextLook ?? .never) } }

    /// When the next view is due.
    var viewDeadline: Instant { ticket == nil ? .never : nextView }

    /// Does what the clients' thread has asked for.
    ///
    /// - Returns: those that want another configuration.
    mutating func takeRequests(state: inout NodeState) -> [UInt64] {
        waiting += exchange.takeRequests()
        let end = Clocks.monotonic() + Self.patience
        var reloading: [UInt64] = []
        while let request = waiting.first, Clocks.monotonic() < end {
            waiting.removeFirst()
            if case .reload(let client) = request { reloading.append(client) } else { take(request, &state) }
        }
        return reloading
    }

    private mutating func take(_ request: StatusExchange.Request, _ state: inout NodeState) {
        switch request {
        case .view(let ticket): self.ticket = ticket
        case .open(let client, let stream): open(stream, for: client, &state)
        case .close(let client): streams.removeAll { $0.client == client }
        case .logLevel(let level): state.wantedLogLevel = level
        case .alive(let service, let within): state.services.noteCall(of: service, within: within)
        case .unaccepted(let error): state.noteUnaccepted(error)
        case .refused(let count): state.noteRefusedClients(count)
        case .moved(let change): state.emit(change)
        case .reload: break
        }
    }

    private mutating func open(_ stream: MonitorStream, for client: UInt64, _ state: inout NodeState) {
        let watched = streams.reduce(0) { $0 + ($1.stream.watch?.count ?? 0) }
        do throws(VarlinkError) {
            streams.append((client, try state.serve(stream, space: NodeState.watchLimit - watched)))
            outcomes[client] = .opened(nil)
        } catch {
            outcomes[client] = .opened(error)
        }
        ticket = ticket ?? 0
    }

    /// Notes what came of a configuration that clients had asked for.
    mutating func answer(_ clients: [UInt64], _ result: Result<[String], ReloadFailure>) {
        for client in clients { outcomes[client] = .reloaded(result) }
        if !clients.isEmpty { ticket = ticket ?? 0 }
    }

    /// Hands a view over, if one is asked for and due.
    mutating func show(_ state: inout NodeState) {
        guard let ticket, nextView <= state.now else { return }
        let began = Clocks.monotonic()
        exchange.deliver(.view(StatusView(state, ticket: ticket, outcomes: outcomes)))
        state.endpoint.detach()
        (self.ticket, outcomes) = (nil, [:])
        nextView = state.now + TimeSpan(nanoseconds: Clocks.monotonic() - began) * Self.share
    }

    /// Hands an event over to all that subscribe.
    func push(_ event: EventReport, peer: StatusAPI.PeerReport?) {
        exchange.deliver(.event(event, peer: peer))
    }

    /// Sends the clients what they have not been sent yet, and lets them go.
    func close() { exchange.close() }
}

/// What single clients have asked for: verdicts by their own thresholds, and heartbeats.
extension StatusDesk {
    /// Judges by the subscribers' thresholds, after everything that had arrived by now was read.
    mutating func judge(by state: NodeState) {
        for place in streams.indices {
            guard let threshold = streams[place].stream.watch?.threshold else { continue }
            var events: [EventReport] = []
            streams[place].stream.watch?.judge(by: state.endpoint.monitor, at: state.now) {
                events.append(state.event($0, by: threshold))
            }
            for event in events { emit(event, to: streams[place].client, of: state) }
        }
    }

    /// Takes the streams over into a configuration that was loaded anew.
    mutating func renewStreams(by state: NodeState) {
        reloads = state.reloads
        streams.removeAll { client, stream in
            guard case .heartbeats(let id) = stream.stream, !state.has(peer: id) else { return false }
            exchange.deliver(.end(client: client))
            return true
        }
        for place in streams.indices {
            let lost = state.renew(&streams[place].stream)
            guard let threshold = streams[place].stream.watch?.threshold else { continue }
            for peer in lost {
                emit(state.levelLost(of: peer, by: threshold), to: streams[place].client, of: state)
            }
        }
    }

    /// Hands heartbeats to those that record their senders; where no client does any more, there will be none.
    func push(_ heartbeats: [Arrival], state: inout NodeState) {
        for heartbeat in heartbeats {
            let id = state.endpoint.monitor.id(ofPeer: heartbeat.peer).description
            guard streams.contains(where: { $0.stream.stream == .heartbeats(peer: id) }) else {
                state.endpoint.record(peer: heartbeat.peer, false)
                continue
            }
            exchange.deliver(.heartbeats(of: id, RecordReply(heartbeat)))
        }
    }

    private func emit(_ event: EventReport, to client: UInt64, of state: NodeState) {
        exchange.deliver(.verdict(client: client, event, peer: event.peer.flatMap { state.peer($0) }))
    }
}

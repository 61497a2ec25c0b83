internal import LinuxIO
internal import StatusAPI

/// Keeps a `WatchModel` up to date, over restarts of the daemon.
struct WatchFeed {
    /// How long one question may keep the terminal from reacting, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000

    /// What is known.
    private(set) var model = WatchModel()

    private let socket: String
    private var connections: Connections?

    /// The two connections that a live view needs: a stream of events admits no questions.
    private final class Connections {
        var events: StatusConnection
        var probeRequests: StatusConnection

        init(events: consuming StatusConnection, probeRequests: consuming StatusConnection) {
            self.events = events
            self.probeRequests = probeRequests
        }
    }

    /// Starts with nothing known.
    init(socket: String, parameters: SubscribeParameters) {
        self.socket = socket
        model.parameters = parameters
    }

    /// The descriptor that becomes readable when something happened; `nil` while there is no daemon.
    var descriptor: CInt? { connections?.events.descriptor }

    /// Connects if need be, takes the events that came, and asks for the present state.
    mutating func refresh() {
        do throws(ControlFailure) {
            try connectIfNeeded()
            try takeEvents()
            try ask()
            model.problem = nil
        } catch {
            connections = nil
            model.problem = problem(error)
        }
    }

    private mutating func connectIfNeeded() throws(ControlFailure) {
        guard connections == nil else { return }
        var events = try StatusConnection(path: socket, patience: Self.patience)
        _ = try events.subscribe(model.parameters)
        model.suspectedByThreshold = []
        var probeRequests = try StatusConnection(path: socket, patience: Self.patience)
        try probeRequests.requireServices(of: model.parameters)
        let latest = ListEventsParameters(last: WatchModel.eventLimit)
        model.events = try probeRequests.call(.listEvents, latest, as: ListEventsReply.self).events
            .filter { model.parameters.wants($0) }
        connections = Connections(events: events, probeRequests: probeRequests)
    }

    private mutating func takeEvents() throws(ControlFailure) {
        while let event = try connections?.events.nextEvent(within: 0) {
            // A verdict by an own threshold shares the dot of the daemon's latest event.
            if event.isByOwnThreshold || !model.events.contains(where: { EventKey($0) == EventKey(event) }) {
                model.append(event)
            }
        }
    }

    private mutating func ask() throws(ControlFailure) {
        let status = try connections?.probeRequests.call(.getStatus, as: GetStatusReply.self).status
        let peers = try connections?.probeRequests.call(.listPeers, as: ListPeersReply.self).peers
        let services = try connections?.probeRequests.servicesIfKnown()
        model.services = services ?? []
        model.status = status ?? model.status
        model.peers = peers?.filter { model.parameters.concerns($0.id) } ?? model.peers
    }

    private func problem(_ failure: ControlFailure) -> String {
        guard let cause = failure.absence else {
            return "\(failure)".split(separator: "\n").joined(separator: " ")
        }
        return "no daemon answers, trying again (what follows is old): \(socket): \(cause)"
    }
}

internal import LinuxIO
internal import StatusAPI

/// The status socket: accepts clients, answers their calls, pushes events; in a thread of its own.
///
/// Every call is answered from a view that the loop took after the call had arrived (`StatusDesk`); all that wait share
/// one. Describing and encoding, however much a client asks for, is done here, and not by the loop.
struct StatusServer: ~Copyable {
    /// Bytes of replies in memory from which on calls wait; root and the daemon's own user may add as much again.
    static let replyLimit = 16 << 20
    /// How long a client may leave a reply unread while others wait for the memory, in nanoseconds.
    private static let readingTime: Int64 = 2_000_000_000
    /// How many streams with a snapshot may be about to open simultaneously, each of which takes its reply's memory
    /// in any case.
    private static let openingLimit = 4
    /// The shortest reply that is kept for equal calls, in bytes.
    private static let sharedReply = 16 * 1024

    private static let listenerToken: UInt64 = 0
    private static let wakeupToken: UInt64 = 1

    private let exchange: StatusExchange
    private let service = MonitorInterface.service(version: ReleaseVersion.text)
    private let ownUser: UInt32
    private let tally = ByteTally()
    private let cgroups: ServiceCgroups
    private var refusals = StatusRefusals()
    private var epoll: Epoll
    private var door: StatusDoor
    private var connections: [StatusConnection] = []
    private var nextToken: UInt64 = 2
    /// The latest view that was asked for, and the latest that came.
    private var (asked, seen): (UInt64, UInt64) = (0, 0)
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    private init(
        _ entrance: consuming StatusEntrance, _ exchange: StatusExchange, ownUser: UInt32,
        cgroups: ServiceCgroups
    ) throws(SystemCallError) {
        let epoll = try Epoll()
        try epoll.add(exchange.threadDescriptor, token: Self.wakeupToken, interest: .read)
        door = try StatusDoor(entrance, token: Self.listenerToken, epoll: epoll)
        self.epoll = epoll
        self.exchange = exchange
        self.ownUser = ownUser
        self.cgroups = cgroups
    }

    /// Starts the thread.
    static func start(
        _ entrance: consuming StatusEntrance, _ exchange: StatusExchange, of state: NodeState
    ) throws(SystemCallError) {
        let (ownUser, cgroups) = (state.userID, state.services.cgroups)
        let handover = Handover(try StatusServer(entrance, exchange, ownUser: ownUser, cgroups: cgroups))
        _ = try BackgroundThread(name: "status", stackSize: 1 << 20) {
            handover.take()?.run()
            exchange.threadEnded()
        }
    }

    /// Serves until the loop closes the exchange, or the system breaks what the thread itself needs.
    private consuming func run() {
        do throws(SystemCallError) {
            while true {
                let ready = try epoll.wait(timeout: patience)
                for index in 0..<ready { serve(epoll[index].token) }
                for connection in connections where connection.hasReadyCall { serve(connection) }
                for connection in connections where connection.isHalfClosed {
                    settle(connection, (try? connection.finish()) ?? .closed)
                }
                if takeDeliveries() { return }
                door.look(epoll: epoll, reportingTo: exchange)
                if let count = refusals.take(at: Clocks.monotonic()) { exchange.ask(.refused(count: count)) }
                askForView()
            }
        } catch {
            exchange.ask(.unaccepted(error))
        }
    }

    /// How long to wait for something to happen, in milliseconds.
    private var patience: CInt {
        if connections.contains(where: \.hasReadyCall) { return 0 }
        if connections.contains(where: { $0.isHalfClosed && $0.owed > 0 }) { return 20 }
        // Calls wait for memory: is a slow reader to go?
        return connections.contains { $0.awaited != nil && !$0.isAsked && $0.ticket <= seen } ? 100 : 1_000
    }

    private mutating func serve(_ token: UInt64) {
        if token == Self.listenerToken { return admit() }
        guard let connection = connections.first(where: { $0.token == token }) else { return }
        serve(connection)
    }

    private mutating func serve(_ connection: StatusConnection) {
        let outcome = buffer.withUnsafeMutableBytes { bytes in
            // A client that breaks the protocol, or does not read, is disconnected; no other client notices.
            try? connection.serve(buffer: bytes, service: service)
        }
        settle(connection, outcome ?? .closed)
    }

    private mutating func settle(_ connection: StatusConnection, _ outcome: StatusConnection.Outcome) {
        if case .open = outcome {
            // Half closed for good, it would be reported as ready indefinitely.
            if connection.isHalfClosed { return unwatch(connection) }
            guard let interest = connection.takeChangedInterest() else { return }
            let isChanged: Void? = try? epoll.modify(
                connection.raw, token: connection.token, interest: interest)
            if isChanged != nil { return }
        }
        guard let place = connections.firstIndex(where: { $0 === connection }) else { return }
        connections.remove(at: place)
        unwatch(connection)
        if connection.concernsLoop { exchange.ask(.close(client: connection.token)) }
        door.reopen(epoll: epoll)
    }

    private func unwatch(_ connection: StatusConnection) {
        guard connection.isWatched else { return }
        connection.isWatched = false
        try? epoll.remove(connection.raw)
    }

    private mutating func admit() {
        while let stream = door.accept(epoll: epoll, reportingTo: exchange) {
            guard let connection = try? StatusConnection(stream, token: nextToken, tally: tally),
                makeSpace(for: connection),
                (try? epoll.add(connection.raw, token: connection.token, interest: .read)) != nil
            else { continue }
            nextToken += 1
            connections.append(connection)
        }
    }

    /// Gives a connection a slot, if need be that of one that is idle.
    private mutating func makeSpace(for connection: StatusConnection) -> Bool {
        let slots = StatusSlots(connections.map(\.occupant), ownUser: ownUser)
        let slot = slots.slot(forUser: connection.user) { [cgroups] in
            cgroups.service(of: UInt32(clamping: connection.process))
        }
        if let slot {
            connection.slot = slot
            return true
        }
        let now = Clocks.monotonic()
        guard let token = slots.idle(forUser: connection.user, at: now),
            let idle = connections.first(where: { $0.token == token })
        else {
            refusals.note()
            return false
        }
        settle(idle, .closed)
        return true
    }

    private func isPrivileged(_ user: UInt32) -> Bool { user == 0 || user == ownUser }
}

/// Views, and what is answered from them.
extension StatusServer {
    /// Asks for a view when calls have come that no view on its way was taken after.
    private mutating func askForView() {
        exchange.setListening(connections.count { $0.isListening })
        var isNeeded = false
        for connection in connections where connection.awaited != nil && !connection.isAsked {
            if connection.ticket == 0 { connection.ticket = asked + 1 }
            isNeeded =
                isNeeded || connection.ticket > asked || (connection.ticket <= seen && mayAnswer(connection))
        }
        guard isNeeded, asked == seen else { return }
        asked += 1
        exchange.ask(.view(ticket: asked))
    }

    /// - Returns: whether the loop has closed the exchange.
    private mutating func takeDeliveries() -> Bool {
        let (items, isOverfull, isClosed) = exchange.takeDeliveries()
        for item in items { take(item) }
        // What they have not been sent cannot be made up for: a new subscription begins with how things are.
        if isOverfull {
            for connection in connections where connection.served != nil { settle(connection, .closed) }
        }
        return isClosed
    }

    private mutating func take(_ delivery: StatusExchange.Delivery) {
        switch delivery {
        case .view(let view): answer(from: view)
        case .event(let event, let peer):
            push(event, peer) { $0.wants(event) }
        case .verdict(let client, let event, let peer):
            push(event, peer) { $0.token == client }
        case .heartbeats(let peer, let reply):
            guard let message = try? VarlinkMessage.heartbeats(reply) else { return }
            push(message) { $0.served == .heartbeats(peer: peer) }
        case .end(let client):
            for connection in connections where connection.token == client { settle(connection, .closed) }
        }
    }

    private mutating func answer(from view: StatusView) {
        seen = max(seen, view.ticket)
        var state = view.state
        var replies: [(call: VarlinkCall, reply: VarlinkMessage)] = []
        for connection in connections {
            guard let call = connection.awaited else { continue }
            state.call = StatusCall(outcome: view.outcomes[connection.token])
            guard state.call.outcome != nil || isDue(connection, at: view.ticket) else { continue }
            (connection.ticket, connection.isAsked) = (0, false)
            if let known = replies.first(where: { $0.call == call }) {
                settle(connection, connection.answer(with: known.reply))
                continue
            }
            let outcome = try? connection.answer(by: &state, service: service)
            if state.call.outcome == nil, let reply = Self.shareableReply(of: connection, to: call) {
                replies.append((call, reply))
            }
            ask(for: state.call.wish, of: connection)
            settle(connection, outcome ?? .closed)
        }
    }

    /// Whether a view covers the call of a connection, and there is memory for its reply.
    private mutating func isDue(_ connection: StatusConnection, at ticket: UInt64) -> Bool {
        !connection.isAsked && connection.ticket > 0 && connection.ticket <= ticket && mayAnswer(connection)
    }

    /// The reply that a connection has just got, if it is whole and worth giving to others with the same call.
    private static func shareableReply(
        of connection: StatusConnection, to call: VarlinkCall
    ) -> VarlinkMessage? {
        guard connection.awaited == nil, !call.more, let reply = connection.lastReply else { return nil }
        return reply.bytes.count >= sharedReply ? reply : nil
    }

    private func ask(for wish: StatusCall.Wish?, of connection: StatusConnection) {
        switch wish {
        case nil: return
        case .logLevel(let level): return exchange.ask(.logLevel(level))
        case .alive(let service, let within):
            connection.hasShownProgress = true
            return exchange.ask(.alive(service, within: within))
        case .reload: exchange.ask(.reload(client: connection.token))
        case .open(let stream): exchange.ask(.open(client: connection.token, stream))
        }
        connection.isAsked = true
    }

    /// Whether there is memory for one more reply; if not, the client that has read too slowly makes space.
    private mutating func mayAnswer(_ connection: StatusConnection) -> Bool {
        let limit = isPrivileged(connection.user) ? 2 * Self.replyLimit : Self.replyLimit
        if connection.awaited?.more == true {
            guard connections.count(where: { $0.isAsked }) < Self.openingLimit else { return false }
        }
        if tally.count < limit { return true }
        let since = Clocks.monotonic() - Self.readingTime
        let slowest = connections.filter { $0.owed > 0 && $0 !== connection }
            .min { $0.owedSince ?? .max < $1.owedSince ?? .max }
        guard let slowest, slowest.owedSince ?? .max < since else { return false }
        settle(slowest, .closed)
        return tally.count < limit
    }

    private mutating func push(
        _ event: EventReport, _ peer: StatusAPI.PeerReport?, to isMeant: (StatusConnection) -> Bool
    ) {
        guard connections.contains(where: isMeant),
            let message = try? VarlinkMessage.event(event, peer: peer)
        else { return }
        push(message, to: isMeant)
    }

    private mutating func push(_ message: VarlinkMessage, to isMeant: (StatusConnection) -> Bool) {
        let counted = message.counted(by: tally)
        for connection in connections where isMeant(connection) {
            settle(connection, (try? connection.push(counted)) ?? .closed)
        }
    }
}

internal import Glibc
internal import LinuxIO
internal import StatusAPI

/// Prints events as they come, indefinitely, over restarts of the daemon, and runs a command for each change.
struct EventFollower: ~Copyable {
    private let socket: String
    private let printer: EventPrinter
    private let parameters: SubscribeParameters
    private var hook: ChangeHook?
    /// Whether pings of overdue peers are left out: they are no change for a hook, and would fill the journal of its unit.
    private let hidesPings: Bool

    /// Prepares to follow the daemon at a socket.
    init(
        socket: String, printer: EventPrinter, parameters: SubscribeParameters,
        hook: consuming ChangeHook? = nil, hidesPings: Bool = false
    ) {
        self.hidesPings = hidesPings
        self.socket = socket
        self.printer = printer
        self.parameters = parameters
        self.hook = hook
    }

    /// Prints so many of the latest events, then every new one.
    ///
    /// Returns only by throwing. - Throws: when the first connection fails; later ones are tried again.
    mutating func run(last: Int) throws(ControlFailure) {
        var connection = try StatusConnection(path: socket)
        // Subscribed before it is listed, so that nothing falls between the two; and nothing is printed twice.
        try reconcile(with: connection.subscribe(parameters))
        if parameters.peers != nil {
            var questions = try StatusConnection(path: socket)
            try questions.requireServices(of: parameters)
        }
        let printed = try printLatest(last)
        while true {
            do throws(ControlFailure) {
                try follow(&connection, except: printed)
            } catch {
                guard let cause = error.absence else { return try end(with: error) }
                printer.remark("lost the daemon at \(socket): \(cause); trying again")
            }
            connection = try reconnected()
            printer.remark("connected again; `suspectctl events` lists what happened in between")
        }
    }

    /// Runs the command for what has happened until now, before a failure ends everything.
    private mutating func end(with failure: ControlFailure) throws(ControlFailure) {
        try hook?.finish()
        throw failure
    }

    private func printLatest(_ last: Int) throws(ControlFailure) -> Set<EventKey> {
        guard last > 0 else { return [] }
        var connection = try StatusConnection(path: socket)
        let events = try connection.latestEvents(last, of: parameters)
        try printer.print(events.wanted)
        return Set(events.listed.map { EventKey($0) })
    }

    private mutating func follow(
        _ connection: inout StatusConnection, except printed: Set<EventKey>
    ) throws(ControlFailure) {
        while true {
            while let event = try connection.nextEvent(within: 0) {
                // A verdict by an own threshold is no event of the daemon's, and shares the dot of the latest one.
                guard event.isByOwnThreshold || !printed.contains(EventKey(event)) else { continue }
                if !hidesPings || event.event != .pending { try printer.print([event]) }
                try hook?.take(event)
            }
            wait(for: connection.descriptor, atMost: 3_600_000_000_000)
            try hook?.advance()
        }
    }

    private mutating func reconcile(with peers: [PeerReport]) throws(ControlFailure) {
        guard hook != nil else { return }
        var connection = try StatusConnection(path: socket)
        try hook?.reconcile(with: peers, connection.servicesIfKnown(), parameters)
    }

    /// Waits until a descriptor is readable or the command has ended, or until there is something to check.
    private func wait(for descriptor: CInt?, atMost limit: Int64) {
        var entries = [descriptor, hookDescriptor].compactMap { $0 }.map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let duration = min(limit, hookPatience ?? limit)
        poll(&entries, nfds_t(entries.count), CInt((duration + 999_999) / 1_000_000))
    }

    private var hookDescriptor: CInt? {
        switch hook {
        case .some(let hook): hook.descriptor
        case nil: nil
        }
    }

    private var hookPatience: Int64? {
        switch hook {
        case .some(let hook): hook.patience
        case nil: nil
        }
    }

    private mutating func reconnected() throws(ControlFailure) -> StatusConnection {
        while true {
            let end = Clocks.monotonic() + Retrying.pause
            while Clocks.monotonic() < end {
                wait(for: nil, atMost: max(0, end - Clocks.monotonic()))
                try hook?.advance()
            }
            do throws(ControlFailure) {
                var connection = try StatusConnection(path: socket)
                try reconcile(with: connection.subscribe(parameters))
                return connection
            } catch {
                guard error.absence != nil else { return try ended(with: error) }
            }
        }
    }

    private mutating func ended(with failure: ControlFailure) throws(ControlFailure) -> StatusConnection {
        try hook?.finish()
        throw failure
    }
}

/// What distinguishes two events: what a service does can change twice in one event of its host.
struct EventKey: Hashable {
    private let dot: DotText
    private let service: String?
    private let timeUSec: Int

    init(_ event: EventReport) {
        (dot, service, timeUSec) = (event.dot, event.service, event.service == nil ? 0 : event.timeUSec)
    }
}

internal import StatusAPI

/// Prints events as they come, for ever, over restarts of the daemon.
struct EventFollower {
    /// The daemon's socket.
    let socket: String
    /// Prints the events.
    let printer: EventPrinter

    /// Prints so many of the latest events, then every new one.
    ///
    /// Returns only by throwing. - Throws: when the first connection fails; later ones are tried again.
    func run(last: Int) throws(ControlFailure) {
        var connection = try StatusConnection(path: socket)
        // Subscribed before it is listed, so that nothing falls between the two; and nothing is printed twice.
        _ = try connection.subscribe()
        let printed = try printLatest(last)
        while true {
            do throws(ControlFailure) {
                try follow(&connection, except: printed)
            } catch {
                guard case .unreachable(_, let cause) = error else { throw error }
                printer.remark("lost the daemon at \(socket): \(cause); trying again")
            }
            connection = reconnected()
            printer.remark("connected again; `suspectctl events` lists what happened in between")
        }
    }

    private func printLatest(_ last: Int) throws(ControlFailure) -> Set<DotText> {
        guard last > 0 else { return [] }
        var connection = try StatusConnection(path: socket)
        let parameters = ListEventsParameters(last: last)
        let events = try connection.call(.listEvents, parameters, as: ListEventsReply.self).events
        try printer.print(events)
        return Set(events.map(\.dot))
    }

    private func follow(
        _ connection: inout StatusConnection, except printed: Set<DotText>
    ) throws(ControlFailure) {
        while true {
            guard let event = try connection.nextEvent(within: 3_600_000_000_000) else { continue }
            if !printed.contains(event.dot) { try printer.print([event]) }
        }
    }

    private func reconnected() -> StatusConnection {
        let retrying = Retrying(forUSec: nil)
        while true {
            _ = retrying.pauseBeforeNext()
            if var connection = try? StatusConnection(path: socket), (try? connection.subscribe()) != nil {
                return connection
            }
        }
    }
}

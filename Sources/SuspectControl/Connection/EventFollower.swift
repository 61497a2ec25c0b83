internal import StatusAPI

/// Prints events as they come, for ever, over restarts of the daemon.
struct EventFollower {
    /// The daemon's socket.
    let socket: String
    /// Prints the events.
    let printer: EventPrinter
    /// Which events, and by whose threshold.
    var parameters = SubscribeParameters(snapshot: true)

    /// Prints so many of the latest events, then every new one.
    ///
    /// Returns only by throwing. - Throws: when the first connection fails; later ones are tried again.
    func run(last: Int) throws(ControlFailure) {
        var connection = try StatusConnection(path: socket)
        // Subscribed before it is listed, so that nothing falls between the two; and nothing is printed twice.
        _ = try connection.subscribe(parameters)
        let printed = try printLatest(last)
        while true {
            do throws(ControlFailure) {
                try follow(&connection, except: printed)
            } catch {
                guard let cause = error.absence else { throw error }
                printer.remark("lost the daemon at \(socket): \(cause); trying again")
            }
            connection = try reconnected()
            printer.remark("connected again; `suspectctl events` lists what happened in between")
        }
    }

    private func printLatest(_ last: Int) throws(ControlFailure) -> Set<DotText> {
        guard last > 0 else { return [] }
        var connection = try StatusConnection(path: socket)
        let latest = ListEventsParameters(last: last)
        let events = try connection.call(.listEvents, latest, as: ListEventsReply.self).events
        try printer.print(events.filter { parameters.concerns($0.peer) })
        return Set(events.map(\.dot))
    }

    private func follow(
        _ connection: inout StatusConnection, except printed: Set<DotText>
    ) throws(ControlFailure) {
        while true {
            guard let event = try connection.nextEvent(within: 3_600_000_000_000) else { continue }
            // A verdict by an own threshold is no event of the daemon's, and shares the dot of the latest one.
            if event.isByOwnThreshold || !printed.contains(event.dot) { try printer.print([event]) }
        }
    }

    private func reconnected() throws(ControlFailure) -> StatusConnection {
        let retrying = Retrying(forUSec: nil)
        while true {
            _ = retrying.pauseBeforeNext()
            do throws(ControlFailure) {
                var connection = try StatusConnection(path: socket)
                _ = try connection.subscribe(parameters)
                return connection
            } catch {
                guard error.absence != nil else { throw error }
            }
        }
    }
}

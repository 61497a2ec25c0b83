internal import ArgumentParser
internal import StatusAPI

/// `suspectctl events`: what happened, and with `--follow` what happens.
struct EventsCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "List what happened, and follow what happens.",
        discussion:
            "With --json, one object a line. With --follow, a daemon that restarts is connected to again.")

    @OptionGroup var global: GlobalOptions

    @Flag(name: .shortAndLong, help: "Wait for new events, until interrupted.")
    var follow = false

    @Option(
        name: .shortAndLong,
        help: "List only so many of the latest events (default: all that are kept; with --follow none).")
    var last: Int?

    func validate() throws {
        guard last ?? 0 >= 0 else { throw ValidationError("--last takes a number from 0 on.") }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let printer = EventPrinter(context: context, isJSON: global.json)
        guard follow else {
            var connection = try connect(context)
            try printer.print(try list(&connection, last: last))
            return ExitStatus.success
        }
        try EventFollower(socket: global.socketPath(context), printer: printer).run(last: last ?? 0)
        return ExitStatus.success
    }

    private func list(
        _ connection: inout StatusConnection, last: Int?
    ) throws(ControlFailure) -> [EventReport] {
        try connection.call(.listEvents, ListEventsParameters(last: last), as: ListEventsReply.self).events
    }
}

/// Prints events, each as a line of text or of JSON.
struct EventPrinter {
    let context: ControlContext
    let isJSON: Bool

    /// Prints events in their order.
    func print(_ events: [EventReport]) throws(ControlFailure) {
        for event in events {
            if isJSON {
                try context.writeJSON(event)
            } else {
                context.write([EventView(event: event).line(context.style)])
            }
        }
    }

    /// Says what is no event.
    func remark(_ text: String) {
        context.output.writeError("suspectctl: \(text)\n")
    }
}

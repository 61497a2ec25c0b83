internal import ArgumentParser
internal import StatusAPI

/// `suspectctl events`: what happened, and with `--follow` what happens.
struct EventsCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "List what happened, and follow what happens.",
        discussion:
            "With --json, one object a line. With --follow, a daemon that restarts is connected to again. With a "
            + "threshold of your own, its suspect and trust events replace the daemon's, and are marked.\n\n"
            + Legend.text([.events]))

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Explain the events, causes and certainties, without a daemon.")
    var legend = false

    @OptionGroup var subscription: SubscriptionOptions

    @Flag(name: .shortAndLong, help: "Wait for new events, until interrupted.")
    var follow = false

    @Option(
        name: .shortAndLong,
        help: "List only so many of the latest events (default: all that are kept; with --follow none).")
    var last: Int?

    func validate() throws {
        guard last ?? 0 >= 0 else { throw ValidationError("--last takes a number from 0 on.") }
        guard follow || !subscription.parameters.hasThreshold else {
            throw ValidationError(
                "--detection-time and --level judge what happens from now on: add --follow.")
        }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard !legend else {
            try context.writeLegend([.events, .causes, .certainties], isJSON: global.json)
            return ExitStatus.success
        }
        let printer = EventPrinter(context: context, isJSON: global.json)
        guard follow else {
            var connection = try connect(context)
            let events = try connection.latestEvents(last, of: subscription.parameters)
            // What has been removed meanwhile may still have events.
            for name in subscription.peers
            where !events.listed.contains(where: { $0.peer == name || $0.serviceID?.description == name }) {
                try connection.require(name)
            }
            try printer.print(events.wanted)
            return ExitStatus.success
        }
        var follower = EventFollower(
            socket: global.socketPath(context), printer: printer, parameters: subscription.parameters)
        try follower.run(last: last ?? 0)
        return ExitStatus.success
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
        context.output.complain("suspectctl: \(text)\n")
    }
}

internal import ArgumentParser
internal import LinuxIO
internal import StatusAPI

/// `suspectctl watch`: a live table on a terminal, lines elsewhere.
struct WatchCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show the peers live, until q or Control-C.",
        discussion: """
            Keys: q quits; the arrows, Page Up and Page Down scroll. Without a terminal or on a dumb one (TERM=dumb), and with \
            --json or --exec: the events as they happen, one a line; with --exec and without a terminal those of overdue peers \
            that are only being pinged (pending) are left out. The command of --exec finds in its environment SUSPECTD_EVENT, \
            SUSPECTD_PEER, SUSPECTD_CAUSE, SUSPECTD_CERTAINTY, SUSPECTD_TIME_USEC and SUSPECTD_REASON, and of a service \
            SUSPECTD_SERVICE and SUSPECTD_STATE. It runs once for each peer that is suspected already, and after the \
            daemon was away for each that has changed meanwhile.
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var subscription: SubscriptionOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run a shell command for each change, one after the other; the table and the events are printed as lines.",
            valueName: "command"))
    var exec: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Kill the command of --exec, with its process group, after so long.", valueName: "duration"))
    var timeout = WaitLimit(microseconds: 60_000_000)

    func validate() throws {
        guard timeout.microseconds > 0 else { throw ValidationError("--timeout must be longer than 0s.") }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let socket = global.socketPath(context)
        guard context.output.isTerminal, context.environment("TERM") != "dumb", !global.json, exec == nil
        else {
            try printLines(socket, context)
            return ExitStatus.success
        }
        do throws(SystemCallError) {
            let parameters = subscription.parameters
            var loop = try WatchLoop(socket: socket, parameters: parameters, context: context)
            return try loop.run()
        } catch {
            throw .terminal("\(error)")
        }
    }

    private func printLines(_ socket: String, _ context: ControlContext) throws(ControlFailure) {
        if !global.json {
            var connection = try connect(context)
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
                .filter { subscription.parameters.concerns($0.id) }
            var view = PeersView(peers: peers, nowUSec: context.wallClockUSec())
            view.width = context.columns
            context.write(view.lines(context.style))
        }
        let printer = EventPrinter(context: context, isJSON: global.json)
        var follower = EventFollower(
            socket: socket, printer: printer, parameters: subscription.parameters, hook: hook(context),
            hidesPings: exec != nil && !global.json && !context.output.isTerminal)
        try follower.run(last: 0)
    }

    private func hook(_ context: ControlContext) -> ChangeHook? {
        guard let exec else { return nil }
        return ChangeHook(command: exec, timeoutUSec: timeout.microseconds, context: context)
    }
}

internal import ArgumentParser
internal import LinuxIO
internal import StatusAPI

/// `suspectctl watch`: a live table on a terminal, lines elsewhere.
struct WatchCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show the peers live, until q or Control-C.",
        discussion: "Without a terminal, or with --json: the events as they happen, one a line.")

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let socket = global.socketPath(context)
        guard context.output.isTerminal, !global.json else {
            try printLines(socket, context)
            return ExitStatus.success
        }
        do throws(SystemCallError) {
            var loop = try WatchLoop(socket: socket, context: context)
            return try loop.run()
        } catch {
            throw .terminal("\(error)")
        }
    }

    private func printLines(_ socket: String, _ context: ControlContext) throws(ControlFailure) {
        if !global.json {
            var connection = try connect(context)
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            context.write(PeersView(peers: peers, nowUSec: context.wallClockUSec()).lines(context.style))
        }
        let printer = EventPrinter(context: context, isJSON: global.json)
        try EventFollower(socket: socket, printer: printer).run(last: 0)
    }
}

internal import ArgumentParser
internal import StatusAPI

/// `suspectctl status`: the daemon, the counts of its peers, and those that are not well.
struct StatusCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the daemon and how its peers are (the default).",
        discussion:
            "Exit status: 0 nobody is suspected, 2 a peer is suspected or this node is isolated, 3 no daemon."
    )

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let status = try connection.call(.getStatus, as: GetStatusReply.self).status
        if global.json {
            try context.writeJSON(status)
        } else {
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            let view = StatusView(status: status, peers: peers, nowUSec: context.wallClockUSec())
            context.write(view.lines(context.style))
        }
        return status.suspected > 0 || status.isolated ? ExitStatus.suspected : ExitStatus.success
    }
}

internal import ArgumentParser
internal import StatusAPI

/// `suspectctl status`: the daemon, the counts of its peers, and those that are not well.
struct StatusCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show daemon and peer status.",
        discussion: """
            Exit status: 0 no peer needs attention: those that announced a planned stop (left) and those within \
            startup_grace (unknown) do not; 2 a peer is suspected or does not hear this node (outbound), or this node is \
            isolated; 3 no daemon answers. Services that need attention are named and do not change it: ask check, or \
            is-trusted HOST/SERVICE.


            """ + Legend.text([.health, .reasons]))

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Explain the line health, and why datagrams are refused or lost, without a daemon.")
    var legend = false

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard !legend else {
            try context.writeLegend([.health, .reasons], isJSON: global.json)
            return ExitStatus.success
        }
        var connection = try connect(context)
        let status = try connection.call(.getStatus, as: GetStatusReply.self).status
        let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
        if global.json {
            try context.writeJSON(status)
        } else {
            var view = StatusView(status: status, peers: peers, nowUSec: context.wallClockUSec())
            view.width = context.columns
            view.services = try connection.servicesIfKnown()
            context.write(view.lines(context.style))
        }
        let needsAttention = peers.contains { PeerCondition($0).needsAttention }
        return status.suspected > 0 || status.isolated || needsAttention
            ? ExitStatus.attention : ExitStatus.success
    }
}

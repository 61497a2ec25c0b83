internal import ArgumentParser
internal import StatusAPI

/// `suspectctl peers`: every peer in a table.
struct PeersCommand: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "peers", abstract: "List every peer.")

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers
            .sorted { $0.id.isBefore($1.id) }
        if global.json {
            try context.writeJSON(peers)
        } else {
            let view = PeersView(peers: peers, nowUSec: context.wallClockUSec())
            context.write(view.lines(context.style) + ["\(countText(peers.count, "peer")) listed."])
        }
        return ExitStatus.success
    }
}

/// `suspectctl peer ID`: everything that is known of one peer.
struct PeerCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer", abstract: "Show everything that is known of one peer.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let peer = try connection.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        if global.json {
            try context.writeJSON(peer)
        } else {
            context.write(PeerView(peer: peer, nowUSec: context.wallClockUSec()).lines(context.style))
        }
        return ExitStatus.success
    }
}

internal import ArgumentParser
internal import StatusAPI

/// `suspectctl peers`: every peer in a table.
struct PeersCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "List every peer.",
        discussion: "On a terminal that is too narrow, columns give way; --json has everything.\n\n"
            + Legend.text([.columns, .states, .causes, .certainties]))

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Explain the columns, states, causes and certainties, without a daemon.")
    var legend = false

    @Argument(help: "Only these peers (default: all).", completion: PeerCompletion.kind)
    var ids: [String] = []

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard !legend else {
            try context.writeLegend([.columns, .states, .causes, .certainties], isJSON: global.json)
            return ExitStatus.success
        }
        var connection = try connect(context)
        let all = try connection.call(.listPeers, as: ListPeersReply.self).peers
        if let stranger = ids.first(where: { id in !all.contains { $0.id == id } }) {
            throw .noSuchPeer(stranger)
        }
        let peers = all.filter { ids.isEmpty || ids.contains($0.id) }.sorted { $0.id.isBefore($1.id) }
        if global.json {
            try context.writeJSON(peers)
        } else {
            var view = PeersView(peers: peers, nowUSec: context.wallClockUSec())
            view.width = context.columns
            let (lines, hidden) = view.fitted(context.style)
            context.write(
                lines + [
                    context.columns.map { sum(peers, hidden).truncated(toWidth: $0) } ?? sum(peers, hidden)
                ])
        }
        return ExitStatus.success
    }
}

extension PeersCommand {
    /// How many there are, and which columns the terminal is too narrow for.
    private func sum(_ peers: [PeerReport], _ hidden: [PeersColumn]) -> String {
        let titles = hidden.map(\.title).joined(separator: ", ")
        return "\(countText(peers.count, "peer")) listed." + (hidden.isEmpty ? "" : " Not shown: \(titles).")
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

internal import ArgumentParser
internal import StatusAPI

/// `suspectctl witnesses ID`: which hosts suspect a peer, and whether they are a quorum.
struct WitnessesCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "witnesses",
        abstract:
            "List the nodes that suspect a peer, each by its own timeout, and whether they are a quorum.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let reply = try connection.call(.witnesses, PeerParameters(id: id), as: WitnessesReply.self)
        if global.json {
            try context.writeJSON(reply)
        } else {
            context.write(WitnessesView(reply: reply).lines(context.style))
        }
        return ExitStatus.success
    }
}

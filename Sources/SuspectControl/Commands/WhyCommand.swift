internal import ArgumentParser
internal import StatusAPI

/// `suspectctl why ID`: what a peer's state rests on.
struct WhyCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain a peer's state by its evidence.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let reply = try connection.call(.why, PeerParameters(id: id), as: WhyReply.self)
        if global.json {
            try context.writeJSON(reply)
        } else {
            context.write(WhyView(reply: reply, nowUSec: context.wallClockUSec()).lines(context.style))
        }
        return ExitStatus.success
    }
}

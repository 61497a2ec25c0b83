internal import ArgumentParser
internal import StatusAPI

/// `suspectctl audit [ID]`: whether the daemon's suspicions were right.
struct AuditCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show which suspicions were right.",
        discussion: """
            A suspicion is proved false when the suspect's own clock includes it: the suspect acted after it was \
            suspected. A new epoch of the suspect confirms that it crashed, or was restarted. All else is undecided. \
            Exit status: 0, 3 no daemon answers, 4 no such peer.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The peer's id; all peers without it.", completion: PeerCompletion.kind)
    var id: String?

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let reply = try connection.call(.audit, AuditParameters(id: id), as: AuditReply.self)
        if global.json {
            try context.writeJSON(reply)
        } else {
            context.write(AuditView(reply: reply, nowUSec: context.wallClockUSec()).lines(context.style))
        }
        return ExitStatus.success
    }
}

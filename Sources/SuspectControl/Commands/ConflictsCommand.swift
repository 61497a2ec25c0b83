internal import ArgumentParser
internal import StatusAPI

/// `suspectctl conflicts`: where two daemons use one identity, or a host reports what cannot have been.
struct ConflictsCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts",
        abstract: "List signs of two daemons with one identity, or of an impossible past.",
        discussion: """
            Exit status: 0 no conflict was seen since the daemon started, 2 there were some, 3 no daemon answers.
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let conflicts = try connection.call(.listConflicts, as: ListConflictsReply.self).conflicts
        if global.json {
            try context.writeJSON(conflicts)
        } else if conflicts.isEmpty {
            context.write(["no conflict was seen since the daemon started"])
        } else {
            context.write(
                conflicts.map { "\(EventView(event: $0).line(context.style))  [\($0.dot)]" } + [
                    "",
                    "Give every daemon an id and a state_directory of its own; never copy or restore the latter.",
                ])
        }
        return conflicts.isEmpty ? ExitStatus.success : ExitStatus.attention
    }
}

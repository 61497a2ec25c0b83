internal import ArgumentParser
internal import StatusAPI

/// `suspectctl reload`: makes the daemon read its configuration again.
struct ReloadCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Make the daemon read its configuration again.",
        discussion:
            "Exit status: 0 done, 78 the new configuration is wrong and the old one stays, 1 not allowed.")

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let reply = try connection.call(.reload, as: ReloadReply.self)
        if global.json {
            try context.writeJSON(reply)
        } else {
            context.write(reply.warnings.map { "warning: \($0.printable)" } + ["reloaded"])
        }
        return ExitStatus.success
    }
}

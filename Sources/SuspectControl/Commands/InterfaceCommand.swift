internal import ArgumentParser
internal import StatusAPI

/// `suspectctl interface`: what a client of the status socket may call, without a daemon.
struct InterfaceCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "interface", abstract: "Print the status socket's interface in Varlink's language.")

    @OptionGroup var global: GlobalOptions

    /// With `--json`, what is printed: as `org.varlink.service` answers.
    private struct Description: Encodable {
        let description: String
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        if global.json {
            try context.writeJSON(Description(description: MonitorInterface.description))
        } else {
            context.output.write(MonitorInterface.description)
        }
        return ExitStatus.success
    }
}

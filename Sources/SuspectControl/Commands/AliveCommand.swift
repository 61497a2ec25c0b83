internal import ArgumentParser
internal import StatusAPI

/// `suspectctl alive NAME`: says that a service of this host makes progress.
struct AliveCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "alive", abstract: "Say that a service of this host makes progress.",
        discussion: """
            For processes of the service, and for root. Without another call within hung_after, or the time of --within, the \
            service is reported as hung. Exit status: 0 noted, 1 refused, 3 no daemon answers, 4 no such service.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "How long until the next call, such as 2s or 30s (default: hung_after).", valueName: "duration"))
    var within: WaitLimit?

    @Argument(help: "The name of the service on this host.", completion: PeerCompletion.ownServices)
    var name: String

    func validate() throws {
        guard !name.isEmpty, !name.contains("/") else {
            throw ValidationError("alive takes the name of a service of this host alone, without the host.")
        }
        guard let within, !AliveParameters.times.contains(within.microseconds) else { return }
        throw ValidationError("--within takes 100ms to 24h.")
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let parameters = AliveParameters(service: name, withinUSec: within?.microseconds)
        _ = try connection.call(.alive, parameters, as: NoParameters.self)
        if global.json { try context.writeJSON(NoParameters()) }
        return ExitStatus.success
    }
}

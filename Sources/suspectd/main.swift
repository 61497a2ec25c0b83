import ArgumentParser
import Daemon

/// `suspectd --config FILE`.
struct SuspectdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspectd",
        abstract: "Watches the other hosts of a cluster and says which of them it suspects, and why.",
        discussion: """
            It runs in the foreground until SIGTERM; SIGHUP reads the configuration again. Exit codes: 0 after a \
            planned stop, 78 for a configuration that cannot be used, 64 for a wrong command line, 1 for anything \
            else. See suspectctl for what it has found.
            """,
        version: Daemon.version)

    @Option(
        help: ArgumentHelp("The configuration file; conf.d/*.toml beside it is read too.", valueName: "file"))
    var config = "/etc/suspectd/suspectd.toml"

    @Flag(
        help: ArgumentHelp(
            "Inform the peers that the daemon has ended: for ExecStopPost= of its unit, after an end that was not planned."
        ))
    var lastWords = false

    func run() throws {
        guard !lastWords else { throw ExitCode(LastWordsSender.report(configuration: config)) }
        do {
            try Daemon.run(configuration: config)
        } catch {
            throw ExitCode(error.report(configuration: config))
        }
    }
}

SuspectdCommand.main()

package import ArgumentParser
internal import Configuration
internal import Glibc
internal import StatusAPI

/// The options that every command takes, before its name or after it.
struct GlobalOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON for other programs; its form is stable.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The daemon's status socket (default: $SUSPECTD_SOCKET, else \(Self.defaultSocket)).",
            valueName: "path"), completion: .file())
    var socket: String?

    static let defaultSocket = "/run/suspectd/io.suspectd.Monitor"

    /// The socket to try.
    func socketPath(_ context: ControlContext) -> String {
        if let socket { return socket }
        let fromEnvironment = context.environment("SUSPECTD_SOCKET") ?? ""
        return fromEnvironment.isEmpty ? Self.defaultSocket : fromEnvironment
    }
}

/// A command that runs in a given context and returns its exit status.
protocol ControlCommand: ParsableCommand {
    /// The options that all commands share.
    var global: GlobalOptions { get }

    /// Does the work.
    func run(in context: ControlContext) throws(ControlFailure) -> Int32

    /// The exit status for a failure; most commands agree on it.
    func exitStatus(for failure: ControlFailure) -> Int32
}

extension ControlCommand {
    func exitStatus(for failure: ControlFailure) -> Int32 { failure.exitStatus }

    /// Connects to the daemon.
    func connect(_ context: ControlContext) throws(ControlFailure) -> StatusConnection {
        try StatusConnection(path: global.socketPath(context))
    }
}

/// The command line as a whole.
package struct SuspectControl: ParsableCommand {
    /// The name, the help, and the commands.
    package static let configuration = CommandConfiguration(
        commandName: "suspectctl",
        abstract: "Shows which peers the suspectd on this host suspects of having failed, and why.",
        discussion: "Exit status:\n"
            + ExitStatus.table.map { "  \($0.status < 10 ? " " : "")\($0.status)  \($0.meaning)\n" }.joined()
            + "check exits as Nagios plugins do: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Until version 0.2 is-trusted exits with "
            + "3 when the peer is not trusted and with 1 when no daemon answers.",
        version: ReleaseVersion.text,
        subcommands: [
            StatusCommand.self, PeersCommand.self, PeerCommand.self, ServicesCommand.self, WatchCommand.self,
            EventsCommand.self,
            WhyCommand.self, WitnessesCommand.self, AuditCommand.self, ClockCommand.self,
            ConflictsCommand.self,
            IsTrustedCommand.self, WaitCommand.self, AliveCommand.self, CheckCommand.self,
            MetricsCommand.self,
            ReloadCommand.self, LogLevelCommand.self, ConfigCommand.self, RecordCommand.self,
            ReplayCommand.self,
            TuneCommand.self,
            InterfaceCommand.self, VerifyCommand.self, ExportCommand.self, HappenedBeforeCommand.self,
            CutCommand.self, KeyCommand.self,
        ],
        defaultSubcommand: StatusCommand.self)

    @OptionGroup var global: GlobalOptions

    /// A command line without arguments.
    package init() {}

    /// Runs the command line of this process and ends the process with its exit status.
    package static func runProcess() -> Never {
        Glibc.exit(run(Array(CommandLine.arguments.dropFirst()), in: .process()))
    }

    /// Parses a command line without the program's name, runs its command, and returns the exit status.
    package static func run(_ arguments: [String], in context: ControlContext) -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            guard let command = command as? any ControlCommand else {
                try command.run()
                return ExitStatus.success
            }
            return command.perform(in: context)
        } catch {
            let status = exitCode(for: error).rawValue
            let text = fullMessage(for: error) + CommandSuggestion.text(for: arguments) + "\n"
            if status == 0 { context.output.write(text) } else { context.output.complain(text) }
            guard status != 0, CheckCommand.isAsked(by: arguments) else { return status }
            let reason = message(for: error).prefix { $0 != "\n" }.replacing("|", with: "/")
            context.output.write("SUSPECTD UNKNOWN - \(reason)\n")
            return CheckReport.State.unknown.rawValue
        }
    }
}

/// A command that does nothing without one of its subcommands.
protocol CommandGroup: ParsableCommand {}

extension CommandGroup {
    /// Refuses to be called alone, as a script that forgot the subcommand must not continue as if all were well.
    mutating func run() throws {
        let names = Self.configuration.subcommands.compactMap { $0.configuration.commandName }
        throw ValidationError("Say what to do: \(names.joined(separator: " or ")).")
    }
}

extension ControlCommand {
    fileprivate func perform(in context: ControlContext) -> Int32 {
        do throws(ControlFailure) {
            let status = try run(in: context)
            guard let failure = context.output.failure else { return status }
            throw .file("cannot write to the standard output: \(failure)")
        } catch {
            context.output.complain("suspectctl: \(explained(error, in: context))\n")
            return exitStatus(for: error)
        }
    }

    /// Says of an id that no peer has whether it is this node's own.
    private func explained(_ failure: ControlFailure, in context: ControlContext) -> ControlFailure {
        guard case .noSuchPeer(let id) = failure else { return failure }
        do throws(ControlFailure) {
            var connection = try connect(context)
            let own = try connection.call(.getStatus, as: GetStatusReply.self).status.node
            guard own == id else { return failure }
            let peers = try connection.call(.listPeers, as: ListPeersReply.self).peers.map(\.id)
            return .ownID(id, peers: peers.sorted { $0.isBefore($1) })
        } catch {
            return failure
        }
    }
}

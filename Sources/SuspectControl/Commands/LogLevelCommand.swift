internal import ArgumentParser
internal import StatusAPI

/// `suspectctl log-level [LEVEL]`: how much the daemon writes to the journal.
struct LogLevelCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level", abstract: "Show or set how much the daemon writes to the journal.",
        discussion: """
            Levels: \(LogLevel.allCases.map(\.name).joined(separator: ", ")). The usual one is info; with debug \
            every overdue peer that is pinged is noted. It holds until the daemon's next start. Setting it is for \
            root and the daemon's own user.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The least urgent level to write; without it the present one is shown.",
        completion: .list(LogLevel.allCases.map(\.name)))
    var level: LogLevel?

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        if let level {
            _ = try connection.manage(.setLogLevel, LogLevelParameters(level: level), as: NoParameters.self)
        }
        let present = try connection.manage(.getLogLevel, as: LogLevelParameters.self)
        if global.json {
            try context.writeJSON(present)
        } else {
            context.write([LogLevel(rawValue: present.level)?.name ?? "\(present.level)"])
        }
        return ExitStatus.success
    }
}

extension LogLevel: ExpressibleByArgument {
    /// Reads a level's name, as journalctl(1) and syslog(3) have it.
    package init?(argument: String) {
        guard let level = LogLevel.allCases.first(where: { $0.name == argument }) else { return nil }
        self = level
    }

    /// The names that can be given.
    package static var allValueStrings: [String] { allCases.map(\.name) }
}

/// The methods of `io.systemd.service`, which every service is asked in the same way.
package enum ServiceMethod: String, CaseIterable, Sendable {
    /// Whether the service answers at all.
    case ping = "Ping"
    /// Reads the configuration again.
    case reload = "Reload"
    /// Sets down to which priority notes are written.
    case setLogLevel = "SetLogLevel"
    /// That priority.
    case getLogLevel = "GetLogLevel"
    /// The environment that the service was started with.
    case getEnvironment = "GetEnvironment"
}

extension ServiceMethod: VarlinkMethod {
    /// The name with its interface, as it stands in a call.
    package var fullName: String { "\(ServiceInterface.name).\(rawValue)" }
}

/// The levels of syslog(3), from the most urgent to the least, by the names that journalctl(1) knows.
package enum LogLevel: Int, CaseIterable, Sendable {
    case emerg, alert, crit, err, warning, notice, info, debug

    /// The name.
    package var name: String { "\(self)" }
}

/// The parameters of `SetLogLevel`, and what `GetLogLevel` answers.
package struct LogLevelParameters: VarlinkParameters, Equatable, Sendable {
    /// The one name.
    package static let names = ["level"]
    /// The least urgent level that is written.
    package var level: Int

    /// Names a level.
    package init(level: LogLevel) { self.level = level.rawValue }
}

/// What `GetEnvironment` answers.
package struct EnvironmentReply: Codable, Equatable, Sendable {
    /// The environment as "NAME=value".
    package var environment: [String]
}

/// The interface `io.systemd.service`: its name and its position in a service.
package enum ServiceInterface {
    /// The interface's name.
    package static let name = "io.systemd.service"

    /// The interface as a service lists it.
    package static let interface = VarlinkInterface(
        name: name, methods: ServiceMethod.allCases.map { .init($0.rawValue) },
        description: """
            # What every service can be asked, as systemd's own services can.
            interface io.systemd.service

            # Answers as soon as the loop that does the work has time for it.
            method Ping() -> ()

            # Reads the configuration again; for root and the daemon's own user. Fails with
            # io.suspectd.Monitor.ReloadFailed.
            method Reload() -> ()

            # Sets down to which priority notes are written, until the next start: a level of syslog(3), 0 to 7;
            # for root and the daemon's own user.
            method SetLogLevel(level: int) -> ()

            # Says which it is.
            method GetLogLevel() -> (level: int)

            # The environment of the daemon, as NAME=value; for root and the daemon's own user.
            method GetEnvironment() -> (environment: ?[]string)

            """)
}

internal import Glibc
internal import LinuxIO
internal import Systemd

/// Why the daemon could not start: what to report, and with which code to exit.
package struct StartFailure: Error, Sendable, CustomStringConvertible {
    /// Exit code of a configuration that cannot be used (EX_CONFIG); systemd does not restart on it.
    package static let configurationCode: Int32 = 78

    /// What is wrong and what to do about it, one line or several.
    package let description: String
    /// The exit code.
    package let code: Int32
    let errno: Errno
    /// Whether the daemon was running already, so that peers miss it.
    private let isWhileRunning: Bool

    /// A failure with its text, and the cause as the service manager shows it.
    init(_ description: String, code: Int32 = 1, errno: Errno, isWhileRunning: Bool = false) {
        self.isWhileRunning = isWhileRunning
        self.description = description
        self.code = code
        self.errno = errno
    }

    init(_ error: SystemCallError, isWhileRunning: Bool = false) {
        self.init(error.description, errno: error.errno, isWhileRunning: isWhileRunning)
    }

    /// A configuration that cannot be used.
    init(configuration description: String, errno: Errno = .invalidArgument) {
        self.init(description, code: Self.configurationCode, errno: errno)
    }

    /// Writes the failure to standard error, where both a terminal and the journal show it, and gives the service
    /// manager its first line, for `systemctl status`.
    ///
    /// - Parameter path: the main configuration file, where the daemon before may have left last words.
    /// - Returns: the code to exit with, immediately or after `pause`.
    package func report(configuration path: String) -> Int32 {
        let text = Array("suspectd: \(description)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, text, text.count)
        let first = description.prefix { $0 != "\n" }
        let stop = try? SignalDescriptor([SIGTERM, SIGINT])
        // Standard error has said it, whether or not a manager listens.
        let outcome = try? Notifier().send(.failed(errorNumber: errno.rawValue, status: String(first)))
        guard outcome == .delivered, code != Self.configurationCode, !isWhileRunning else { return code }
        // Peers that miss the daemon before this one would take its host for failed until the service manager says it.
        _ = try? LastWordsSender.run(in: LastWordsSender.folders(path), result: "exit-code")
        return stop?.wait(milliseconds: Self.pause) == true ? 0 : code
    }

    /// How long a start that failed lasts under a service manager, in milliseconds.
    ///
    /// A port is taken, or a disk full, for a while: the manager is to try again, at this pace, until it succeeds. Immediately, as after
    /// a crash, it would have used up the starts that the unit allows in a minute (`StartLimitBurst=`) within a second.
    private static let pause: CInt = 4_000
}

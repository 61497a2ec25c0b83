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

    /// A failure with its text, and the cause as the service manager shows it.
    init(_ description: String, code: Int32 = 1, errno: Errno) {
        self.description = description
        self.code = code
        self.errno = errno
    }

    init(_ error: SystemCallError) { self.init(error.description, errno: error.errno) }

    /// A configuration that cannot be used.
    init(configuration description: String, errno: Errno = .invalidArgument) {
        self.init(description, code: Self.configurationCode, errno: errno)
    }

    /// Writes the failure to standard error, where both a terminal and the journal show it, and gives the service
    /// manager its first line, for `systemctl status`.
    package func report() {
        let text = Array("suspectd: \(description)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, text, text.count)
        let first = description.prefix { $0 != "\n" }
        // Standard error has said it, whether or not a manager listens.
        _ = try? Notifier().send(.failed(errorNumber: errno.rawValue, status: String(first)))
    }
}

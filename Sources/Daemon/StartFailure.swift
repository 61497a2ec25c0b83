internal import Glibc
internal import LinuxIO

/// Why the daemon could not start: what to tell, and with which code to exit.
package struct StartFailure: Error, CustomStringConvertible {
    /// Exit code of a configuration that cannot be used (EX_CONFIG); systemd does not restart on it.
    package static let configurationCode: Int32 = 78

    /// What is wrong and what to do about it, one line or several.
    package let description: String
    /// The exit code.
    package let code: Int32

    /// A failure with its text.
    init(_ description: String, code: Int32 = 1) {
        self.description = description
        self.code = code
    }

    /// Writes the failure to standard error, where both a terminal and the journal show it.
    package func report() {
        let text = Array("suspectd: \(description)\n".utf8)
        _ = Glibc.write(STDERR_FILENO, text, text.count)
    }

    init(_ error: SystemCallError) { self.init(error.description) }
}

import Glibc
import LinuxIO

/// Programs of the machine that some tests use.
enum Tool {
    /// Prometheus' own checker, where it is installed.
    static let promtool: String? = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        access($0, X_OK) == 0
    }
}

/// A socket that takes connections into its queue and never answers.
final class SilentListener {
    /// Where it is.
    let path = FakeDaemon.freshPath()
    private let listener: UnixListener

    init() throws {
        listener = try UnixListener(binding: path)
    }
}

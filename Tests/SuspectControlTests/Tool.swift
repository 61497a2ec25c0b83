import Glibc
import LinuxIO

/// Programs of the machine that some tests use.
enum Tool {
    /// Prometheus' own checker, where it is installed, or as `scripts/install-dependencies.sh test` leaves it.
    static let promtool: String? = ["/usr/bin/promtool", "/usr/local/bin/promtool", fetched].first {
        access($0, X_OK) == 0
    }

    private static let fetched =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/build/tools/promtool"
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

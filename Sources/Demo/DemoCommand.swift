internal import Glibc
internal import LinuxIO

/// The program `suspectd-demo`.
package enum DemoCommand {
    /// Runs with the arguments of this process, and ends it.
    package static func main() -> Never {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs and returns the exit status: 0 if all went well, 64 for a wrong command line, else 1 or 128 + signal.
    ///
    /// All daemons have ended when it returns.
    static func run(_ arguments: [String]) -> Int32 {
        SignalDescriptor.ignoreFailedWrites()
        do throws(DemoFailure) {
            let options = try DemoOptions(arguments)
            guard !options.help else {
                Output.write(DemoOptions.helpText)
                return 0
            }
            try enter(options.directory)
            // Collected before any child is started, so that none is left behind when a signal comes.
            let signals = try collectSignals()
            let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
            return try show(live: isTerminal && !options.script, signals: signals)
        } catch {
            Output.complain("suspectd-demo: \(error)\n")
            return error.status
        }
    }

    private static func show(live: Bool, signals: consuming SignalDescriptor) throws(DemoFailure) -> Int32 {
        let cluster = try DemoCluster(signals: signals)
        guard !live else {
            var loop = LiveLoop(cluster)
            return try loop.run()
        }
        do throws(DemoFailure) {
            var story = Story(cluster)
            try story.play()
            return 0
        } catch {
            if case .interrupted = error { throw error }
            Output.complain(cluster.lastWords)
            throw error
        }
    }

    private static func enter(_ directory: String?) throws(DemoFailure) {
        guard let directory, chdir(directory) != 0 else { return }
        throw .cannot("\(directory): \(String(cString: strerror(errno))); name the top of the source tree")
    }

    private static func collectSignals() throws(DemoFailure) -> SignalDescriptor {
        do throws(SystemCallError) {
            return try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP])
        } catch {
            throw DemoFailure(error)
        }
    }
}

/// Standard output and standard error, unbuffered: what is said is seen immediately, also in a log.
enum Output {
    /// Writes to standard output.
    static func write(_ text: String) { put(text, to: STDOUT_FILENO) }

    /// Writes to standard error.
    static func complain(_ text: String) { put(text, to: STDERR_FILENO) }

    private static func put(_ text: String, to descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}

internal import ArgumentParser
internal import CausalClock
internal import LinuxIO

/// The logs that a command was given, read and put together.
struct LogFiles {
    /// A position in a log that cannot be read.
    struct Failure {
        /// The file.
        let path: String
        /// The line and what is wrong there.
        let error: CausalLogError
    }

    /// Their paths, as given.
    let paths: [String]
    /// What they hold.
    let history: LogHistory
    /// What in them could not be read.
    let failures: [Failure]

    /// Failures beyond these are only counted; a file that is no log has one a line.
    static let keptFailures = 10_000

    /// Reads logs; the bar shows how far that is.
    static func read(_ paths: [String], _ context: ControlContext) throws(SystemCallError) -> LogFiles {
        let bar = ProgressBar("reading", context)
        defer { bar.finish() }
        var builder = LogHistoryBuilder()
        var failures: [Failure] = []
        for (index, path) in paths.enumerated() {
            var parser = CausalLogParser()
            let take = { (item: CausalLogItem) in
                switch item {
                case .entry(let entry, let line): builder.add(entry, at: LogPlace(log: index, line: line))
                case .failure(let error):
                    if failures.count < keptFailures { failures.append(Failure(path: path, error: error)) }
                }
            }
            try PlainFile.forEachBlock(of: path) { block, share in
                parser.parse(block, found: take)
                bar.show((Double(index) + share) / Double(paths.count))
            }
            parser.finish(found: take)
        }
        return LogFiles(paths: paths, history: LogHistory(builder), failures: failures)
    }

    /// `file:line` of a position.
    func text(_ place: LogPlace) -> String { "\(paths[place.log].printable):\(place.line)" }

    /// Says how much could not be read, if anything.
    func remarkFailures(_ context: ControlContext) {
        guard let first = failures.first else { return }
        let more = failures.count > 1 ? "; \(failures.count - 1) more (`suspectctl verify`)" : ""
        context.output.complain("suspectctl: \(first.path.printable): \(first.error)\(more)\n")
    }
}

extension ControlContext {
    /// Reads logs and does something with them.
    /// - Returns: the exit status of `body`, or 66 when a log cannot be read.
    func withLogs(
        _ paths: [String], _ body: (LogFiles) throws(ControlFailure) -> Int32
    ) throws(ControlFailure) -> Int32 {
        let logs: LogFiles
        do throws(SystemCallError) {
            logs = try LogFiles.read(paths, self)
        } catch {
            output.complain("suspectctl: \("\(error)".printable)\n")
            return ExitStatus.noInput
        }
        return try body(logs)
    }
}

/// The name of an event on the command line.
struct EventArgument: ExpressibleByArgument {
    /// The name.
    let name: EventName

    init?(argument: String) {
        guard let name = EventName(argument) else { return nil }
        self.name = name
    }
}

/// The options of every command that reads logs.
struct LogOptions: ParsableArguments {
    @Argument(
        help: "Logs of any number of hosts, in any order; - is the standard input.",
        completion: .file(extensions: ["txt", "log"]))
    var files: [String]
}

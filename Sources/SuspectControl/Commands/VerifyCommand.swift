internal import ArgumentParser

/// `suspectctl verify FILES…`: whether logs can be what really happened.
struct VerifyCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check causal logs for causal consistency.",
        discussion: """
            A problem is what cannot have happened as logged: two daemons with one identity, a restored snapshot, a \
            damaged file. A gap is what is missing: logs that were rotated, filtered, or not given. Logs of suspectd, \
            of GoVector, and any that ShiViz opens are read. Exit status: 0 sound, 1 findings, 64 wrong usage, 66 a \
            file cannot be read.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(help: "The logs are known to be incomplete: gaps are listed, and are no failure.")
    var partial = false

    @Flag(help: "List every finding (default: the first 50 of each sort).")
    var all = false

    @OptionGroup var logs: LogOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        try context.withLogs(logs.files) { (logs) throws(ControlFailure) in
            let report = VerificationReport(logs)
            if global.json {
                try context.writeJSON(report)
            } else {
                context.write(report.lines(context.style, limit: all ? .max : 50))
            }
            return report.isSound(partial: partial) ? ExitStatus.success : ExitStatus.failure
        }
    }
}

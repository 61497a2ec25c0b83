internal import ArgumentParser
internal import CausalClock
internal import StatusAPI

/// `suspectctl cut [DOT FILES…]`: one state in which all hosts may have been together.
struct CutCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut",
        abstract:
            "Show which hosts suspected which, in a consistent cut: a state that all hosts may have been in together.",
        discussion: """
            The state is everything that could have influenced the event: with every event all of its causes are in \
            it, so the cut is consistent even where the clocks of the hosts disagree. Without an event and logs the daemon is \
            asked for the state at its latest event; what others suspected is known as of the message in which they \
            last said so. Exit status: 0, 1 no log has the event, 3 no daemon answers, 64 wrong usage, 66 a file \
            cannot be read.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The event, such as db1@87654321:42. Without one the daemon is asked.")
    var event: EventArgument?

    @Argument(
        help: "Logs of any number of hosts, in any order; - is the standard input.",
        completion: .file(extensions: ["txt", "log"]))
    var files: [String] = []

    func validate() throws {
        guard event == nil || !files.isEmpty else {
            throw ValidationError(
                "an event of the past is looked up in logs: suspectctl cut DOT FILES; without arguments the daemon "
                    + "knows of the present")
        }
    }

    /// With `--json`, a list of these is printed.
    private struct Row: Encodable {
        let process: String
        let dot: String
        let timeUSec: Int64?
        let suspects: [Suspect]
        let trusts: [String]
        /// Whether a later process of the host is in the state.
        let ended: Bool
    }

    private struct Suspect: Encodable {
        let peer: String
        let cause: String?
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard let event else { return try ask(context) }
        return try context.withLogs(files) { (logs) throws(ControlFailure) in
            logs.remarkFailures(context)
            guard let index = logs.history.event(event.name) else {
                context.output.complain("suspectctl: no log has the event \("\(event.name)".printable)\n")
                return ExitStatus.failure
            }
            let cut = CausalCut(at: index, in: logs.history)
            let rows = cut.fronts.map { row($0, logs.history) }
            if global.json {
                try context.writeJSON(rows)
            } else {
                write(rows, isExact: logs.history.events[index].isExact, context)
            }
            return ExitStatus.success
        }
    }

    /// Asks the daemon for the present.
    private func ask(_ context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let cut = try connection.call(.getCut, as: CutReply.self)
        if global.json {
            try context.writeJSON(cut)
        } else {
            context.write(PresentCutView(cut: cut, nowUSec: context.wallClockUSec()).lines(context.style))
        }
        return ExitStatus.success
    }

    /// A process that has ended suspects and trusts no host any more.
    private func row(_ front: CausalCut.Front, _ history: LogHistory) -> Row {
        let name = history.processes[front.process]
        let beliefs = front.hasEnded ? [] : front.beliefs
        return Row(
            process: name.text, dot: "\(EventName(name, front.counter))",
            timeUSec: front.event.flatMap { history.events[$0].entry.timeUSec },
            suspects: beliefs.filter { $0.kind == .suspect }.map {
                Suspect(peer: $0.peer, cause: $0.cause)
            },
            trusts: beliefs.filter { $0.kind == .trust }.map(\.peer), ended: front.hasEnded)
    }

    private func write(_ rows: [Row], isExact: Bool, _ context: ControlContext) {
        var table = Table(
            columns: [("UP TO", .left), ("TIME THERE", .left), ("SUSPECTS", .left), ("TRUSTS", .left)])
        for row in rows {
            let suspects = row.suspects.map { $0.peer + ($0.cause.map { " (\($0))" } ?? "") }
            table.append([
                Table.Cell(row.dot), Table.Cell(row.timeUSec.map { WallTime.text($0, digits: 3) } ?? "–"),
                row.ended
                    ? Table.Cell("(ended)", ink: .dim)
                    : Table.Cell(suspects.joined(separator: ", "), ink: .red),
                Table.Cell(row.trusts.joined(separator: ", ")),
            ])
        }
        context.write(table.lines(context.style))
        if !isExact {
            context.output.complain(
                "suspectctl: too much is missing from the logs; the state may have been later\n")
        }
    }
}

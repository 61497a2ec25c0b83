internal import ArgumentParser
internal import StatusAPI

/// `suspectctl clock`: the daemon's vector clock.
struct ClockCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock", abstract: "Show what the daemon knows of the events of all hosts.",
        discussion: """
            Each row is the latest event of a host that could have influenced this one, and how long ago that was \
            learnt. Exit status: 0, 3 no daemon answers.
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let clock = try connection.call(.getClock, as: GetClockReply.self).clock
        if global.json {
            try context.writeJSON(clock)
        } else {
            context.write(lines(clock, context.style))
        }
        return ExitStatus.success
    }

    private func lines(_ clock: ClockReport, _ style: Style) -> [String] {
        var table = Table(columns: [("LATEST EVENT", .left), ("LEARNT", .right)])
        table.append([Table.Cell("\(clock.dot)", ink: .bold), Table.Cell("own")])
        for entry in clock.entries {
            let age = entry.ageUSec.map { "\(HumanDuration.text($0)) ago" } ?? "–"
            table.append([Table.Cell("\(entry.dot)"), Table.Cell(age)])
        }
        let meaning =
            clock.exact
            ? "exact: of the hosts configured here, nothing else can have influenced \(clock.dot) (proved)"
            : "a lower bound: this much could have influenced \(clock.dot) (proved), and perhaps more"
        return table.lines(style) + ["", meaning.printable]
    }
}

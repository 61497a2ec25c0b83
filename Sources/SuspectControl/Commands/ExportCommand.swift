internal import ArgumentParser
internal import CausalClock
internal import CausalExport
internal import LinuxIO
internal import StatusAPI

/// `suspectctl export`: logs as a picture, for ShiViz, or for other programs.
struct ExportCommand: ControlCommand {
    /// In which form.
    enum Form: String, EnumerableFlag {
        case svg
        case shiviz

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .svg: "A space-time diagram as SVG."
            case .shiviz: "A log that ShiViz opens."
            }
        }
    }

    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Draw causal logs, or write them for ShiViz.",
        discussion: """
            The logs may be rotated, filtered, partly missing, and of any number of hosts. The events chosen are \
            numbered anew so that nothing is missing among them; their order stays what it was. With --json and no \
            other form, one JSON object. Exit status: 0, 1 nothing to export, 64 wrong usage, 66 a file cannot be read.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(exclusivity: .exclusive)
    var form: Form?

    @Option(
        help: ArgumentHelp(
            "At most so many events (default: 1000 for --svg, 60 with --around; else 5000).",
            valueName: "count"))
    var last: Int?

    @Option(help: ArgumentHelp("Only what is around this event, in cause and effect.", valueName: "dot"))
    var around: EventArgument?

    @Flag(help: "Only state changes, no messages.")
    var states = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write (default: standard output).", valueName: "file"),
        completion: .file(extensions: ["svg", "log", "json"]))
    var output: String?

    @OptionGroup var logs: LogOptions

    func validate() throws {
        guard form != nil || global.json else { throw ValidationError("choose --svg, --shiviz or --json") }
        guard form == nil || !global.json else { throw ValidationError("--json is a form of its own") }
        guard last ?? 1 > 0 else { throw ValidationError("--last takes a number from 1 on") }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        try context.withLogs(logs.files) { (logs) throws(ControlFailure) in
            logs.remarkFailures(context)
            let drawn =
                around == nil ? SpaceTimeDiagram.usualLimit : SpaceTimeDiagram.usualNeighbours
            let usual = form == .svg ? drawn : EventSelection.usualLimit
            let selection = EventSelection(limit: last ?? usual, around: around?.name, statesOnly: states)
            let events = selection.events(of: logs.history)
            guard !events.isEmpty else { return refuse(context) }
            let projection = CausalProjection(of: logs.history, keeping: events)
            return write(try bytes(projection), context)
        }
    }

    private func bytes(_ projection: CausalProjection) throws(ControlFailure) -> [UInt8] {
        switch form {
        case .svg: return SpaceTimeDiagram(projection, center: around?.name).bytes()
        case .shiviz: return ShiVizExport.bytes(of: projection)
        case nil:
            do throws(JSONFailure) {
                return try JSONText.bytes(of: JSONExport(projection)) + [0x0A]
            } catch {
                throw .badReply("\(error)")
            }
        }
    }

    private func refuse(_ context: ControlContext) -> Int32 {
        let reason = around.map {
            "no log has the event \("\($0.name)".printable); are all of its host's logs given?"
        }
        context.output.complain("suspectctl: \(reason ?? "the logs have no events to export")\n")
        return ExitStatus.failure
    }

    private func write(_ bytes: [UInt8], _ context: ControlContext) -> Int32 {
        guard let output else {
            context.output.write(String(decoding: bytes, as: UTF8.self))
            return ExitStatus.success
        }
        do throws(SystemCallError) {
            try PlainFile.write(bytes, to: output)
            return ExitStatus.success
        } catch {
            return context.refuse(error)
        }
    }
}

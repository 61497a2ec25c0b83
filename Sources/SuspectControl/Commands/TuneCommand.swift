internal import ArgumentParser
internal import Replay

/// `suspectctl tune TRACE --detection-time 1s`: the settings for a recorded link.
struct TuneCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Find the settings for a recorded link.",
        discussion: """
            Prints lines for suspectd.toml, with what to expect of them as comments; the other detectors' best \
            settings for the same detection time follow as comments. A trace is what `suspectctl record` writes.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "How long a crash may go unnoticed, in 99 of 100 cases; such as 800ms or 1s.",
            valueName: "duration"))
    var detectionTime: TraceSpan

    @Argument(help: "A trace.", completion: .file(extensions: ["csv", "gz"]))
    var trace: String

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        do throws(TraceError) {
            return tune(try TraceReader.read(trace), context)
        } catch {
            return context.refuse(error)
        }
    }

    private func tune(_ trace: Trace, _ context: ControlContext) -> Int32 {
        let bar = ProgressBar(trace.name, context)
        do throws(ReplayError) {
            let tuner = Tuner(trace, detectionTime: detectionTime.seconds)
            let advice = try tuner.advise { bar.show($0) }
            bar.finish()
            write(advice, trace, context)
            return ExitStatus.success
        } catch {
            return context.refuse(error)
        }
    }

    private func write(_ advice: Advice, _ trace: Trace, _ context: ControlContext) {
        guard !global.json else {
            context.write(
                advice.candidates.map { MachineOutput.json($0.setup, $0.quality) })
            return
        }
        var table = Table(
            columns: QualityTable.columns.enumerated().map { ($1, $0 == 0 ? .left : .right) })
        for candidate in advice.candidates {
            let row = QualityTable.row(candidate.setup.form, candidate.setup.parameter, candidate.quality)
            table.append(row.map { Table.Cell($0) })
        }
        let plain = Style(isColoured: false)
        context.output.write(advice.configuration(for: trace))
        context.write(["#"] + table.lines(plain).map { "# " + $0 })
    }
}

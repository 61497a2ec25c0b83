internal import ArgumentParser
internal import Glibc
internal import Replay

/// `suspectctl replay TRACE…`: how each detector would have done on a recorded link.
struct ReplayCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Show how each detector would have done on recorded traces.",
        discussion: """
            A trace has the header `seq,send_ns,recv_ns` and a line per heartbeat sent, recv_ns empty for a lost \
            one; plain or compressed with gzip. Parameters are seconds for margins and timeouts, else numbers. \
            T_D: detection time; λ_M: mistakes a second; T_M: how long one lasts; P_A: share of time rightly \
            trusted. `clairvoyant` is the best constant detection time chosen with hindsight.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("One detector instead of all.", valueName: "name"))
    var detector: DetectorForm?

    @Option(
        help: ArgumentHelp("One parameter instead of a sweep; needs --detector.", valueName: "number"))
    var parameter: Double?

    @Option(
        help: ArgumentHelp(
            "Print the first deadlines as CSV instead; needs --parameter.", valueName: "count"))
    var deadlines: Int?

    @Option(
        help: ArgumentHelp(
            "Time between heartbeats (default: the trace's own mean).", valueName: "duration"))
    var interval: TraceSpan?

    @Option(
        help: ArgumentHelp(
            "Write mistakes against detection time as SVG; one trace only.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var plot: String?

    @Argument(help: "Traces.", completion: .file(extensions: ["csv", "gz"]))
    var traces: [String]

    func validate() throws {
        guard parameter == nil || detector != nil else {
            throw ValidationError("--parameter needs --detector")
        }
        guard deadlines == nil || parameter != nil else {
            throw ValidationError("--deadlines needs --parameter")
        }
        guard (deadlines ?? 1) > 0 else { throw ValidationError("--deadlines needs a positive count") }
        guard plot == nil || (traces.count == 1 && detector == nil) else {
            throw ValidationError("--plot shows every detector on one trace")
        }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        for path in traces {
            do throws(TraceError) {
                let trace = try TraceReader.read(path, interval: interval.map { $0.seconds * 1e9 })
                let status = replay(trace, context)
                guard status == ExitStatus.success else { return status }
            } catch {
                return context.refuse(error)
            }
        }
        return ExitStatus.success
    }

    private func replay(_ trace: Trace, _ context: ControlContext) -> Int32 {
        do throws(ReplayError) {
            if let detector, let parameter {
                try replay(trace, Replay.Setup(detector, parameter: parameter), context)
                return ExitStatus.success
            }
            return try sweep(trace, context)
        } catch {
            return context.refuse(error)
        }
    }

    /// One detector with one parameter.
    private func replay(
        _ trace: Trace, _ setup: Replay.Setup, _ context: ControlContext
    ) throws(ReplayError) {
        let replay = Replay(trace, setup, limit: deadlines ?? .max)
        guard deadlines == nil else {
            context.write(
                [MachineOutput.deadlineColumns] + MachineOutput.deadlines(of: replay, on: trace))
            return
        }
        let quality = try QualityOfService(of: replay, of: trace)
        if global.json {
            context.write([MachineOutput.json(setup, quality)])
        } else {
            write(trace, [QualityTable.row(setup.form, setup.parameter, quality)], context)
        }
    }

    /// All detectors, or one, over a range of parameters.
    private func sweep(_ trace: Trace, _ context: ControlContext) throws(ReplayError) -> Int32 {
        let bar = ProgressBar(trace.name, context)
        let forms = detector.map { [$0] } ?? DetectorForm.allCases
        let sweeps = try Sweep.all(forms, over: trace) { bar.show($0 * 0.7) }
        let bound = try ClairvoyantBound(trace) { bar.show(0.7 + $0 * 0.3) }
        bar.finish()
        if let plot {
            guard Self.write(FrontierPlot(trace, sweeps: sweeps, bound: bound).svg, to: plot) else {
                context.output.complain("suspectctl: \(plot): cannot be written: \(Self.lastError)\n")
                return ExitStatus.failure
            }
        }
        write(trace, sweeps, bound, context)
        return ExitStatus.success
    }

    private func write(
        _ trace: Trace, _ sweeps: [Sweep], _ bound: ClairvoyantBound, _ context: ControlContext
    ) {
        if global.json {
            context.write(
                sweeps.flatMap { sweep in sweep.points.map { MachineOutput.json(sweep.form, $0) } })
            return
        }
        let rows = sweeps.flatMap { sweep in
            sweep.points.map { QualityTable.row(sweep.form, $0.parameter, $0.quality) }
        }
        write(trace, rows + bound.turns.map { QualityTable.row($0) }, context)
    }

    private func write(_ trace: Trace, _ rows: [[String]], _ context: ControlContext) {
        var table = Table(
            columns: QualityTable.columns.enumerated().map { ($1, $0 == 0 ? .left : .right) })
        for row in rows { table.append(row.map { Table.Cell($0) }) }
        context.write(
            [context.style.paint(QualityTable.title(trace), .bold)] + table.lines(context.style))
    }

    private static var lastError: String { String(cString: strerror(errno)) }

    /// Writes a file anew; others may read it as far as the umask allows.
    private static func write(_ text: String, to path: String) -> Bool {
        guard let stream = fopen(path, "we") else { return false }
        let written = fputs(text, stream)
        return fclose(stream) == 0 && written >= 0
    }
}

internal import ArgumentParser
internal import Replay
internal import StatusAPI

/// `suspectctl record ID`: a live peer's heartbeats as a trace for `replay` and `tune`.
struct RecordCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Record a peer's heartbeats as a trace for replay and tune.",
        discussion: """
            Until so many have arrived, so long has passed, or Control-C; the trace is complete in any case. A \
            trace covers one incarnation of the peer and ends when it restarts (exit status 1, as when the daemon ends). \
            A heartbeat that was lost, or overtaken by a later one, has an empty recv_ns. Send stamps are moved to \
            this host's clock by taking the fastest of the first heartbeats to have needed half a round trip.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("End after so many heartbeats have arrived.", valueName: "count"))
    var count: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("End after so long, such as 30s or 10min.", valueName: "duration"))
    var duration: WaitLimit?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write to a file, compressed if its name ends in .gz (default: the standard output).",
            valueName: "file"), completion: .file(extensions: ["csv", "gz"]))
    var output: String?

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    func validate() throws {
        guard count ?? 1 > 0 else { throw ValidationError("--count takes a number from 1 on.") }
        guard duration?.microseconds ?? 1 > 0 else {
            throw ValidationError("--duration must be longer than 0s.")
        }
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var probeRequests = try connect(context)
        let peer = try probeRequests.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        var connection = try connect(context)
        let first = try connection.record(id)
        let sink = try TraceSink(output, context)
        var session = try RecordingSession(
            connection, epoch: first.epoch,
            recorder: TraceRecorder(roundTripNSec: (peer.rttUSec ?? 0).times(1_000)),
            count: count, durationUSec: duration?.microseconds)
        if count == nil, duration == nil { remark("recording \(id.printable) until Control-C", context) }
        let end = try session.run(into: sink, ProgressBar(id.printable, context))
        try sink.close()
        let recorder = session.recorder
        let length = HumanDuration.text(recorder.lengthNSec / 1_000)
        remark(
            "\(countText(recorder.arrived, "heartbeat")) in \(length), \(recorder.lost) lost\(end.remark)",
            context)
        return recorder.arrived > 0 ? end.exitStatus : ExitStatus.failure
    }

    private func remark(_ text: String, _ context: ControlContext) {
        context.output.complain("suspectctl: \(text)\n")
    }
}

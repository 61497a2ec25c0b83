internal import ArgumentParser
internal import StatusAPI

/// `suspectctl is-trusted ID`: a question for scripts, answered by the exit status.
struct IsTrustedCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "is-trusted", abstract: "Ask whether a peer is trusted; the exit status answers.",
        discussion: """
            Exit status: 0 trusted, or pending: overdue but still being pinged; 3 suspected, left, never heard, or \
            in a state that this suspectctl, older than the daemon, does not know; 4 no such peer; 1 no daemon answers; 64 wrong usage. Nothing is printed without -v.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .shortAndLong, help: "Say the state in words, and what went wrong.")
    var verbose = false

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    /// With `--json`, what is printed.
    private struct Answer: Encodable {
        let id: String
        let state: ReportedState
        let trusted: Bool
    }

    var isQuiet: Bool { !verbose }

    func exitStatus(for failure: ControlFailure) -> Int32 {
        failure.exitStatus == ExitStatus.unreachable ? ExitStatus.failure : failure.exitStatus
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        let peer = try connection.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        let trusted = peer.state == .trusted || peer.state == .pending
        if global.json {
            try context.writeJSON(Answer(id: peer.id, state: peer.state, trusted: trusted))
        } else if verbose {
            let duration = HumanDuration.text(from: peer.sinceUSec, to: context.wallClockUSec())
            context.write(["\(peer.id.printable) has been \(peer.state.word) for \(duration)"])
        }
        return trusted ? ExitStatus.success : ExitStatus.notTrusted
    }
}

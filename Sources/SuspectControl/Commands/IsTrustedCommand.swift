internal import ArgumentParser
internal import StatusAPI

/// `suspectctl is-trusted ID`: a question for scripts, answered by the exit status.
struct IsTrustedCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "is-trusted",
        abstract: "Ask whether a peer is trusted, or a service is up; the exit status answers.",
        discussion: """
            Exit status: 0 trusted, be it outbound, or pending: overdue and still being pinged; 3 suspected, left, never heard, \
            or in a state that this suspectctl, older than the daemon, does not know; 1 no daemon answers; 4 no such peer or service; \
            of a service (HOST/SERVICE) 0 up, or reloading; 3 in any other state; \
            64 wrong usage. With --common-exit-status, as for all other commands: 2 instead of 3, and 3 instead of 1; from \
            version 0.2 on that is the default. Without -v nothing is printed but errors.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .shortAndLong, help: "Print the state in words.")
    var verbose = false

    @Flag(
        help: "Exit with 2 when the peer is not trusted and 3 when no daemon answers, as other commands do.")
    var commonExitStatus = false

    @Argument(help: "The peer's id, or HOST/SERVICE.", completion: PeerCompletion.withServices)
    var id: String

    /// With `--json`, what is printed.
    private struct Answer: Encodable {
        let id: String
        let state: ReportedState
        let trusted: Bool
    }

    /// The same of a service.
    private struct ServiceAnswer: Encodable {
        let id: String
        let state: ReportedServiceState
        let trusted: Bool
    }

    func exitStatus(for failure: ControlFailure) -> Int32 {
        guard !commonExitStatus, failure.exitStatus == ExitStatus.unreachable else {
            return failure.exitStatus
        }
        return ExitStatus.formerlyUnreachable
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        do throws(ControlFailure) {
            return try answer(in: context)
        } catch {
            if error.exitStatus == ExitStatus.unreachable { announceChange(in: context) }
            throw error
        }
    }

    private func answer(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        if let service = ServiceID(id) { return try answer(for: service, &connection, context) }
        let peer = try connection.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        let trusted = PeerCondition(peer).isTrusted
        if global.json {
            try context.writeJSON(Answer(id: peer.id, state: peer.state, trusted: trusted))
        } else if verbose {
            context.write([sentence(peer, context)])
        }
        if trusted { return ExitStatus.success }
        announceChange(in: context)
        return commonExitStatus ? ExitStatus.attention : ExitStatus.formerlyNotTrusted
    }

    private func answer(
        for id: ServiceID, _ connection: inout StatusConnection, _ context: ControlContext
    ) throws(ControlFailure) -> Int32 {
        let service = try connection.service(id)
        if global.json {
            try context.writeJSON(ServiceAnswer(id: self.id, state: service.state, trusted: service.isUp))
        } else if verbose {
            context.write(["\(service.id.printable) \(service.standing(nowUSec: context.wallClockUSec()))"])
        }
        if service.isUp { return ExitStatus.success }
        announceChange(in: context)
        return commonExitStatus ? ExitStatus.attention : ExitStatus.formerlyNotTrusted
    }

    private func sentence(_ peer: PeerReport, _ context: ControlContext) -> String {
        let remark =
            switch PeerCondition(peer) {
            case .outbound: ", but does not hear this node (outbound)"
            case .neverHeard: ", and was never heard by this node"
            default: ""
            }
        return "\(peer.id.printable) \(peer.stateText(nowUSec: context.wallClockUSec()))\(remark)"
    }

    /// Warns an operator who reads along that the status will be another one in the next version.
    private func announceChange(in context: ControlContext) {
        guard !commonExitStatus, context.output.isTerminal else { return }
        context.output.complain(
            "suspectctl: warning: from version 0.2 on is-trusted exits with 2 when a peer is not trusted and with 3 when no "
                + "daemon answers (now 3 and 1); use --common-exit-status, or test for 0 only\n")
    }
}

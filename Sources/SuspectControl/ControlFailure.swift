/// Why a command could not do its work.
enum ControlFailure: Error, Equatable {
    /// No process answers at the socket, or no longer.
    case unreachable(socket: String, cause: String)
    /// A process holds the socket and says nothing for so long, in microseconds.
    case silent(socket: String, patience: Int)
    /// The daemon answered, and then went.
    case stopped(socket: String, cause: String)
    /// This user may not use the socket.
    case notAdmitted(socket: String)
    /// The daemon cannot judge as asked, and says what to ask for instead.
    case subscriptionRefused(String)
    /// The daemon has no peer of this id.
    case noSuchPeer(String)
    /// The id is the daemon's own, which has only these peers.
    case ownID(String, peers: [String])
    /// A call that says that a service makes progress does not count; why, and what to do.
    case aliveRefused(String)
    /// The host has no service of this name.
    case noSuchService(String)
    /// The daemon refused a call; the error's name without its interface.
    case refused(method: String, error: String)
    /// The caller may not do this.
    case permissionDenied(method: String)
    /// The daemon keeps its old configuration, because the new one has these errors.
    case reloadFailed([String])
    /// The daemon sent what this program does not understand.
    case badReply(String)
    /// A peer was not in the state in time.
    case timedOut(String)
    /// The terminal cannot be used.
    case terminal(String)
    /// A file cannot be made or used; the sentence.
    case file(String)

    /// The exit status of most commands.
    var exitStatus: Int32 {
        switch self {
        case .unreachable, .silent, .stopped: ExitStatus.unreachable
        case .noSuchPeer, .ownID, .noSuchService: ExitStatus.unknownPeer
        case .reloadFailed: ExitStatus.configuration
        case .refused, .permissionDenied, .badReply, .timedOut, .terminal, .file, .notAdmitted,
            .subscriptionRefused, .aliveRefused:
            ExitStatus.failure
        }
    }
}

extension ControlFailure {
    /// Why the daemon does not answer, where a later try may succeed; `nil` for every other failure.
    var absence: String? {
        switch self {
        case .unreachable(_, let cause), .stopped(_, let cause): cause
        case .silent: "it does not answer"
        default: nil
        }
    }
}

extension ControlFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let socket, let cause):
            """
            no daemon answers at \(socket): \(cause)
            Start it with `systemctl start suspectd`, or `suspectd --config FILE`; \
            if it listens elsewhere, say where with --socket PATH or $SUSPECTD_SOCKET.
            """
        case .silent(let socket, let patience):
            """
            no daemon answers at \(socket): it does not answer within \(HumanDuration.text(patience))
            It is there, but stopped, or its host has no time for it: see `systemctl status suspectd` and `uptime`.
            """
        case .stopped(let socket, let cause):
            """
            the daemon at \(socket) has gone: \(cause)
            `systemctl status suspectd` and `journalctl -u suspectd` say why; start it with \
            `systemctl start suspectd`.
            """
        case .notAdmitted(let socket):
            """
            you may not use the socket \(socket)
            Add your user to the group that owns it (`ls -l \(socket)`) and log in again, or try \
            `sudo suspectctl …`.
            """
        case .subscriptionRefused(let reason), .aliveRefused(let reason): reason.printable
        case .noSuchPeer(let id) where id.contains("/"):
            "no peer has the id '\(id.printable)'; services are named as HOST/SERVICE, and have no peers, witnesses or records: "
                + "`suspectctl services` lists them"
        case .noSuchPeer(let id):
            "no peer has the id '\(id.printable)'; `suspectctl peers` lists them, and `suspectctl services` the services"
        case .ownID(let id, let peers):
            "\(id.printable) is this node itself; "
                + (peers.isEmpty
                    ? "it has no peers"
                    : "its peers are "
                        + CheckReport.listed(peers, atMost: 10).joined(separator: ", ").printable)
        case .noSuchService(let id):
            "there is no service '\(id.printable)'; `suspectctl services` lists them"
        case .refused(let method, let error):
            "the daemon refused \(method): \(error.printable); is it of another version? (`suspectctl status`)"
        case .permissionDenied(let method):
            "\(method) is for root and the daemon's own user; try `sudo suspectctl …`"
        case .reloadFailed(let errors):
            errors.map { $0.printable + "\n" }.joined()
                + "the daemon keeps its old configuration until that is done"
        case .badReply(let problem):
            "the daemon's reply is not understood: \(problem.printable); are both of one version?"
        case .timedOut(let what): what
        case .file(let problem): problem
        case .terminal(let problem): "the terminal cannot be used: \(problem)"
        }
    }
}

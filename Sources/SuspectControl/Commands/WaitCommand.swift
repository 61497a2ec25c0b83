internal import ArgumentParser
internal import StatusAPI

/// `suspectctl wait ID --state STATE`: returns once a peer is in a state.
struct WaitCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a peer is in a state.",
        discussion: """
            A daemon that does not run yet, or restarts, is waited for too. A peer that does not hear this node \
            (outbound) is trusted; one that was never heard is unknown within startup_grace, then suspected. \
            Exit status: 0 the peer is in the state, 1 not in time, 3 no daemon in time, 4 no such peer, or no longer.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "unknown, trusted, pending, suspected, confirmed (suspected by a quorum) or left.")
    var state = AwaitedState.state(.trusted)

    @Option(
        help: ArgumentHelp("How long to wait at most, such as 500ms, 30s or 2min.", valueName: "duration"))
    var timeout = WaitLimit(microseconds: 30_000_000)

    @Argument(help: "The peer's id.", completion: PeerCompletion.kind)
    var id: String

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let retrying = Retrying(forUSec: timeout.microseconds)
        while true {
            do throws(ControlFailure) {
                let peer = try wait(retrying, context)
                if global.json { try context.writeJSON(peer) }
                return ExitStatus.success
            } catch {
                guard error.absence != nil, retrying.pauseBeforeNext() else { throw error }
            }
        }
    }

    private func wait(_ retrying: Retrying, _ context: ControlContext) throws(ControlFailure) -> PeerReport {
        var events = try connect(context)
        let snapshot = try events.subscribe()
        guard var peer = snapshot.first(where: { $0.id == id }) else { throw .noSuchPeer(id) }
        var probeRequests = try connect(context)
        while !state.fits(peer) {
            let left = retrying.left(atMost: .max)
            guard left > 0 else { throw timedOut(peer) }
            guard let event = try events.nextEvent(within: left) else { continue }
            // The event may be old by now, so the peer's state is asked for; a reload may have removed the peer.
            guard event.peer == id || event.event == .config else { continue }
            peer = try probeRequests.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        }
        return peer
    }

    private func timedOut(_ peer: PeerReport) -> ControlFailure {
        let limit = HumanDuration.text(timeout.microseconds)
        return .timedOut(
            "\(id.printable) \(peer.stateText), and did not become \(state.word) within \(limit)")
    }
}

/// How long `wait` waits.
struct WaitLimit: ExpressibleByArgument {
    /// The limit in microseconds.
    let microseconds: Int

    init(microseconds: Int) {
        self.microseconds = microseconds
    }

    init?(argument: String) {
        guard let microseconds = HumanDuration.parse(argument) else { return nil }
        self.init(microseconds: microseconds)
    }

    var defaultValueDescription: String { HumanDuration.written(microseconds) }
}

/// What `wait` waits for: a state, or that a quorum agrees with a suspicion, which the tables show as a state.
enum AwaitedState: ExpressibleByArgument {
    /// A peer in this state.
    case state(ReportedState)
    /// A suspected peer that a quorum suspects.
    case confirmed

    /// Reads a state that this version knows: a mistyped one would never occur.
    init?(argument: String) {
        guard argument != Self.confirmed.word else {
            self = .confirmed
            return
        }
        guard let state = ReportedState(rawValue: argument), state.isKnown else { return nil }
        self = .state(state)
    }

    /// Whether a peer is in it.
    func fits(_ peer: PeerReport) -> Bool {
        switch self {
        case .state(let state): peer.state == state
        case .confirmed: peer.state == .suspected && peer.confirmed
        }
    }

    /// As it is written.
    var word: String {
        switch self {
        case .state(let state): state.word
        case .confirmed: "confirmed"
        }
    }

    static var allValueStrings: [String] { ReportedState.allCases.map(\.rawValue) + [Self.confirmed.word] }

    var defaultValueDescription: String { word }
}

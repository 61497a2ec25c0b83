internal import ArgumentParser
internal import StatusAPI

/// `suspectctl wait ID --state STATE`: returns once a peer is in a state.
struct WaitCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a peer or a service is in a state.",
        discussion: """
            A daemon that does not run yet, or restarts, is waited for too. A peer that does not hear this node \
            (outbound) is trusted; one that was never heard is unknown within startup_grace, then suspected. \
            A service is named as HOST/SERVICE, and waited for until it is up, or in the state that --state names. \
            Exit status: 0 it is in the state, 1 not in time, 3 no daemon in time, 4 no such peer or service, or no longer.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: """
            unknown, trusted, pending, suspected, confirmed (suspected by a quorum) or left; of a service up, starting, \
            reloading, stopping, stopped, down, failed, hung, restarting or unknown (default: trusted, or up).
            """)
    var state: AwaitedState?

    @Option(
        help: ArgumentHelp("How long to wait at most, such as 500ms, 30s or 2min.", valueName: "duration"))
    var timeout = WaitLimit(microseconds: 30_000_000)

    @Argument(help: "The peer's id, or HOST/SERVICE.", completion: PeerCompletion.withServices)
    var id: String

    func validate() throws {
        guard let state, state.isOfService != (ServiceID(id) != nil), !state.isOfBoth else { return }
        throw ValidationError(
            ServiceID(id) == nil
                ? "\(state.word) is a state of services; name one as HOST/SERVICE."
                : "\(state.word) is a state of peers; services are up, down, failed, hung and so on.")
    }

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        let retrying = Retrying(forUSec: timeout.microseconds)
        while true {
            do throws(ControlFailure) {
                if let service = ServiceID(id) {
                    let found = try wait(for: service, retrying, context)
                    if global.json { try context.writeJSON(found) }
                } else {
                    let peer = try wait(retrying, context)
                    if global.json { try context.writeJSON(peer) }
                }
                return ExitStatus.success
            } catch {
                guard error.absence != nil, retrying.pauseBeforeNext() else { throw error }
            }
        }
    }

    /// Connects; nothing that is asked outlasts the time that was given by more than a second.
    private func connect(
        _ context: ControlContext, _ retrying: Retrying
    ) throws(ControlFailure) -> StatusConnection {
        try StatusConnection(
            path: global.socketPath(context), until: retrying.deadline.map { $0 + 1_000_000_000 } ?? .max)
    }

    private func wait(_ retrying: Retrying, _ context: ControlContext) throws(ControlFailure) -> PeerReport {
        var events = try connect(context, retrying)
        let snapshot = try events.subscribe()
        guard var peer = snapshot.first(where: { $0.id == id }) else { throw .noSuchPeer(id) }
        var probeRequests = try connect(context, retrying)
        let state = state ?? .state(.trusted)
        if case .confirmed = state { try remarkImpossible(&probeRequests, context) }
        while !state.fits(peer) {
            let left = retrying.left(atMost: .max)
            guard left > 0 else { throw timedOut(peer.stateText + Self.cause(of: peer), state.word) }
            guard let event = try events.nextEvent(within: left) else { continue }
            // The event may be old by now, so the peer's state is asked for; a reload may have removed the peer.
            guard event.peer == id || event.event == .config else { continue }
            peer = try probeRequests.call(.getPeer, PeerParameters(id: id), as: GetPeerReply.self).peer
        }
        return peer
    }

    private func wait(
        for id: ServiceID, _ retrying: Retrying, _ context: ControlContext
    ) throws(ControlFailure) -> ServiceReport {
        var events = try connect(context, retrying)
        // What becomes of the host concerns its services, too.
        _ = try events.subscribe(SubscribeParameters(snapshot: false))
        var questions = try connect(context, retrying)
        let wanted = state?.service ?? .up
        while true {
            // A daemon that has just started may not know of it yet, so that absence is final only when time is up.
            let service = try present(id, &questions)
            if let service, service.state == wanted { return service }
            let left = retrying.left(atMost: .max)
            guard left > 0 else {
                throw service.map { timedOut("is \($0.state.word)", wanted.word) }
                    ?? .noSuchService(id.description)
            }
            _ = try events.nextEvent(within: service == nil ? min(left, Self.absencePeriod) : left)
        }
    }

    /// How often a service that is not known is asked for, in nanoseconds.
    private static let absencePeriod: Int64 = 100_000_000

    private func present(
        _ id: ServiceID, _ questions: inout StatusConnection
    ) throws(ControlFailure) -> ServiceReport? {
        do throws(ControlFailure) {
            return try questions.service(id)
        } catch {
            guard case .noSuchService = error else { throw error }
            return nil
        }
    }

    private static func cause(of peer: PeerReport) -> String {
        peer.cause.map { " (\($0.text.printable))" } ?? ""
    }

    /// Says where no suspicion can ever be confirmed; a reload may add peers, so it is waited all the same.
    private func remarkImpossible(
        _ connection: inout StatusConnection, _ context: ControlContext
    ) throws(ControlFailure) {
        let reply = try connection.call(.witnesses, PeerParameters(id: id), as: WitnessesReply.self)
        guard reply.quorum == nil else { return }
        context.output.complain(
            "suspectctl: with \(countText(reply.members, "member")) no quorum is possible, so nothing is ever confirmed; wait "
                + "for suspected, or add a host\n")
    }

    private func timedOut(_ standing: String, _ word: String) -> ControlFailure {
        let limit = HumanDuration.text(timeout.microseconds)
        return .timedOut("\(id.printable) \(standing), and did not become \(word) within \(limit)")
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
    /// A service in this state.
    case service(ReportedServiceState)

    /// Reads a state that this version knows: a mistyped one would never occur.
    init?(argument: String) {
        guard argument != Self.confirmed.word else {
            self = .confirmed
            return
        }
        if let state = ReportedState(rawValue: argument), state.isKnown {
            self = .state(state)
        } else if let state = ReportedServiceState(rawValue: argument), state.isKnown {
            self = .service(state)
        } else {
            return nil
        }
    }

    /// The state of a service that it means.
    var service: ReportedServiceState? {
        switch self {
        case .service(let state): state
        case .state, .confirmed: isOfBoth ? .unknown : nil
        }
    }

    /// Whether it is a state of services alone.
    var isOfService: Bool {
        if case .service = self { true } else { false }
    }

    /// Whether peers and services have a state of this name.
    var isOfBoth: Bool { word == ReportedState.unknown.rawValue }

    /// Whether a peer is in it.
    func fits(_ peer: PeerReport) -> Bool {
        switch self {
        case .state(let state): peer.state == state
        case .confirmed: peer.state == .suspected && peer.confirmed
        case .service: false
        }
    }

    /// As it is written.
    var word: String {
        switch self {
        case .state(let state): state.word
        case .confirmed: "confirmed"
        case .service(let state): state.word
        }
    }

    static var allValueStrings: [String] {
        ReportedState.allCases.map(\.rawValue) + [Self.confirmed.word]
            + ReportedServiceState.allCases.map(\.rawValue).filter { $0 != ReportedState.unknown.rawValue }
    }

    var defaultValueDescription: String { word }
}

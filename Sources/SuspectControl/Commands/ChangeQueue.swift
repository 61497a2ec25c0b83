internal import StatusAPI

/// The changes for which a command has still to be run, and what it was run for last of each peer.
///
/// Its memory is bounded by the peers: once many changes wait, of each peer only the latest is kept.
struct ChangeQueue {
    /// From how many waiting changes on the older ones of a peer give way.
    static let limit = 1_000

    /// What a peer was last said to be.
    private enum Told: Equatable {
        case trusted
        case suspected
        case confirmed
        case left
    }

    private var waiting: [EventReport] = []
    private var taken = 0
    private var told: [String: Told] = [:]
    /// What each service was last said to do.
    private var toldStates: [String: ReportedServiceState] = [:]
    /// Whether peers were compared before.
    private var isFirst = true

    /// How many changes wait.
    var count: Int { waiting.count - taken }

    /// Adds a change; a peer that is only being pinged has not changed yet.
    mutating func append(_ event: EventReport) {
        guard event.event != .pending else { return }
        if let service = event.serviceID {
            toldStates[service.description] = event.state
        } else if let peer = event.peer {
            note(event.event, of: peer)
        }
        if count >= Self.limit { forget(earlierThan: event) }
        waiting.append(event)
    }

    /// Takes the change that has waited longest.
    mutating func next() -> EventReport? {
        guard taken < waiting.count else {
            waiting.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        defer { taken += 1 }
        return waiting[taken]
    }

    /// Adds a change for each peer whose state is another than the command was given, or will be.
    ///
    /// The first time everything counts as well before, so that a user who starts to watch hears of those that are
    /// suspected.
    mutating func reconcile(
        with peers: [PeerReport], _ parameters: SubscribeParameters, nowUSec: Int
    ) {
        for peer in peers.sorted(by: { $0.id < $1.id }) where parameters.concerns(peer.id) {
            reconcile(with: peer, parameters, nowUSec)
        }
        let present = Set(peers.map(\.id))
        for id in told.keys.filter({ !present.contains($0) }).sorted() {
            append(Self.event(.removed, id, nowUSec, "it is no longer configured"))
        }
        isFirst = false
    }

    /// Adds a change for each service that does something else than the command was given, or will be.
    ///
    /// The first time only those that failed count as changed. One of a suspected host is unknown, and says nothing. Called
    /// before the peers are reconciled.
    mutating func reconcile(with services: [ServiceReport], _ parameters: SubscribeParameters) {
        for service in services where service.state != .unknown {
            let event = Self.event(service, isFirst: isFirst)
            let before = toldStates[service.id]
            guard parameters.concerns(event), service.state != before else { continue }
            if isFirst, !service.state.isFailure {
                toldStates[service.id] = service.state
            } else {
                append(event)
            }
        }
    }

    private static func event(_ service: ServiceReport, isFirst: Bool) -> EventReport {
        var event = EventReport(
            timeUSec: service.sinceUSec, dot: DotText(id: "", epoch: 0, counter: 0), event: .service,
            service: service.service, of: service.host, evidence: EvidenceReport(reason: found(isFirst)))
        event.state = service.state
        event.cause = service.cause.isEmpty ? nil : .other(service.cause)
        event.certainty = service.certainty
        return event
    }

    private static func found(_ isFirst: Bool) -> String {
        isFirst ? "so it was found when the watch began" : "so it was found when the connection was restored"
    }

    private mutating func reconcile(with peer: PeerReport, _ parameters: SubscribeParameters, _ nowUSec: Int)
    {
        let before = told[peer.id] ?? .trusted
        guard let now = Self.present(peer, parameters, nowUSec, before) else { return }
        guard now != before, !(isFirst && now == .left) else {
            told[peer.id] = now
            return
        }
        let since = peer.sinceUSec
        let reason = Self.found(isFirst)
        switch now {
        case .trusted: append(Self.event(.trust, peer.id, since, reason))
        case .left: append(Self.event(.leave, peer.id, since, reason))
        case .suspected, .confirmed:
            var event = Self.event(.suspect, peer.id, since, reason)
            (event.cause, event.certainty) = (peer.cause, peer.certainty)
            if before != .suspected { append(event) }
            event.event = .confirm
            if now == .confirmed { append(event) }
        }
    }

    /// What a peer is now; `nil` where that is not known.
    private static func present(
        _ peer: PeerReport, _ parameters: SubscribeParameters, _ nowUSec: Int, _ before: Told
    ) -> Told? {
        // By a threshold of its own the subscriber learns immediately which peer is silent for longer; only the
        // others are checked.
        if let limit = parameters.detectionTimeUSec {
            return peer.lastHeardUSec.map { nowUSec.minus($0) < limit } == true ? .trusted : before
        }
        if let limit = parameters.level {
            return peer.level.map { $0 < limit } == true ? .trusted : before
        }
        switch peer.state {
        case .trusted, .pending: return .trusted
        case .suspected: return peer.confirmed ? .confirmed : .suspected
        case .left: return .left
        case .unknown, .other: return nil
        }
    }

    private mutating func note(_ kind: ReportedEventKind, of peer: String) {
        switch kind {
        case .suspect: told[peer] = .suspected
        case .confirm: told[peer] = .confirmed
        case .trust: told[peer] = .trusted
        case .leave: told[peer] = .left
        case .removed: told[peer] = nil
        default: break
        }
    }

    /// Drops what waits of the same peer, or of the same kind where it is about no peer.
    private mutating func forget(earlierThan event: EventReport) {
        waiting.removeFirst(taken)
        taken = 0
        waiting.removeAll {
            $0.peer == event.peer && $0.service == event.service
                && (event.peer != nil || $0.event == event.event)
        }
    }

    private static func event(
        _ kind: ReportedEventKind, _ peer: String, _ timeUSec: Int, _ reason: String
    ) -> EventReport {
        EventReport(
            timeUSec: timeUSec, dot: DotText(id: "", epoch: 0, counter: 0), event: kind, peer: peer,
            evidence: EvidenceReport(reason: reason))
    }
}

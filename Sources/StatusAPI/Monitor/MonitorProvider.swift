/// What the daemon implements to be seen: it answers in reports, and knows nothing of Varlink.
///
/// A class conforms as well as a struct, and so does a type that cannot be copied.
package protocol MonitorProvider: ServiceProvider & ~Copyable {
    /// The daemon itself.
    func status() -> StatusReport

    /// Every peer, in any order.
    func peers() -> [PeerReport]

    /// Whether there is a peer of this id.
    func has(peer id: String) -> Bool

    /// One peer; `nil` when there is none of this id.
    func peer(_ id: String) -> PeerReport?

    /// What a peer's state rests on; `nil` when there is no peer of this id.
    func explanation(of id: String) -> WhyReply?

    /// Which hosts suspect a peer; `nil` when there is no peer of this id.
    func witnesses(of id: String) -> WitnessesReply?

    /// Whether this daemon's own host, or a peer, has this id.
    func has(host id: String) -> Bool

    /// The services of all hosts, in any order.
    func serviceReports() -> [ServiceReport]

    /// What the state of a service rests on; `nil` when there is no such service.
    func explanation(of service: ServiceParameters) -> WhyServiceReply?

    /// The latest events that are kept, oldest first: all of them, or the last so many.
    func events(last: Int?) -> [EventReport]

    /// The latest suspicions, of one peer or of all, and the figures since the start.
    func audit(of id: String?) -> AuditReply

    /// What is known of the events of all hosts.
    func clock() -> ClockReport

    /// Which host suspects which, in a state that all hosts may be in together.
    func cut() -> CutReply

    /// Which of two events came first, as far as is known here.
    func order(of left: DotText, to right: DotText) -> OrderReply

    /// Takes note that a service of this host makes progress, if its caller may say so.
    ///
    /// Throws `NoSuchService`, or `AliveRefused` when the call does not count.
    mutating func alive(_ parameters: AliveParameters, from caller: VarlinkCaller) throws(VarlinkError)

    /// Begins to serve a call that stays open; its first reply is sent when this returns.
    ///
    /// Throws a `SubscriptionRefused` when the peers' detectors or the daemon's limits do not allow it.
    ///
    /// - Returns: whether it is open; otherwise the call is answered later.
    mutating func open(_ stream: MonitorStream) throws(VarlinkError) -> Bool
}

extension MonitorProvider where Self: ~Copyable {
    /// Whether there is a peer of this id.
    package func has(peer id: String) -> Bool { peer(id) != nil }

    /// Whether a peer has this id.
    package func has(host id: String) -> Bool { has(peer: id) }

    /// No service is observed.
    package func serviceReports() -> [ServiceReport] { [] }

    /// No service is observed.
    package mutating func alive(
        _ parameters: AliveParameters, from caller: VarlinkCaller
    ) throws(VarlinkError) {
        throw MonitorInterface.noSuchService(ServiceParameters(host: "", service: parameters.service))
    }

    /// No service is observed.
    package func explanation(of service: ServiceParameters) -> WhyServiceReply? { nil }

    /// Answers a call of this interface, or of `io.systemd.service`, with what the provider reports.
    package mutating func answer(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer {
        if call.interface == ServiceInterface.name { return try answerService(call, from: caller) }
        guard let method = MonitorMethod(rawValue: call.member) else { throw .methodNotFound(call.method) }
        switch method {
        case .getStatus: return try answerStatus(call)
        case .listPeers: return try answerPeers(call)
        case .getPeer: return try answerPeer(call)
        case .subscribe: return try answerSubscribe(call)
        case .record: return try answerRecord(call)
        case .listEvents: return try answerEvents(call)
        case .why: return try answerWhy(call)
        case .listServices: return try answerServices(call)
        case .whyService: return try answerWhyService(call)
        case .alive: return try answerAlive(call, from: caller)
        case .audit: return try answerAudit(call)
        case .getClock: return try answerClock(call)
        case .getCut: return try answerCut(call)
        case .happenedBefore: return try answerOrder(call)
        case .listConflicts: return try answerConflicts(call)
        case .witnesses: return try answerWitnesses(call)
        case .reload: return try reload(for: caller, call).map { .reply(ReloadReply(warnings: $0)) } ?? .later
        }
    }

    private func answerStatus(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        _ = try call.parameters(NoParameters.self)
        return .reply(GetStatusReply(status: status()))
    }

    private func answerPeers(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        _ = try call.parameters(NoParameters.self)
        return .reply(ListPeersReply(peers: sortedPeers()))
    }

    private func answerPeer(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let id = try call.parameters(PeerParameters.self).id
        guard let peer = peer(id) else { throw MonitorInterface.noSuchPeer(id) }
        return .reply(GetPeerReply(peer: peer))
    }

    private mutating func answerSubscribe(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let wanted = try call.parameters(SubscribeParameters.self)
        if let problem = wanted.problem { throw MonitorInterface.subscriptionRefused(problem) }
        for id in wanted.peers ?? [] where !has(host: ServiceID.host(of: id)) {
            throw MonitorInterface.noSuchPeer(ServiceID.host(of: id))
        }
        guard try open(.events(wanted)) else { return .later }
        guard wanted.snapshot ?? true else { return .stream(first: SubscribeReply()) }
        guard let ids = wanted.peers else { return .stream(first: SubscribeReply(peers: sortedPeers())) }
        return .stream(first: SubscribeReply(peers: Set(ids).sorted().compactMap { peer($0) }))
    }

    private mutating func answerRecord(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let id = try call.parameters(PeerParameters.self).id
        guard let peer = peer(id) else { throw MonitorInterface.noSuchPeer(id) }
        guard try open(.heartbeats(peer: id)) else { return .later }
        return .stream(
            first: RecordReply(
                epoch: peer.epoch, heartbeatIntervalUSec: peer.heartbeatIntervalUSec, heartbeats: []))
    }

    private func answerEvents(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let last = try call.parameters(ListEventsParameters.self).last
        guard last ?? 0 >= 0 else { throw .invalidParameter("last") }
        return .reply(ListEventsReply(events: events(last: last)))
    }

    private func answerWhy(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let id = try call.parameters(PeerParameters.self).id
        guard let reply = explanation(of: id) else { throw MonitorInterface.noSuchPeer(id) }
        return .reply(reply)
    }

    private func answerWitnesses(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let id = try call.parameters(PeerParameters.self).id
        guard let reply = witnesses(of: id) else { throw MonitorInterface.noSuchPeer(id) }
        return .reply(reply)
    }

    private func sortedPeers() -> [PeerReport] {
        peers().sorted { $0.id < $1.id }
    }
}

extension VarlinkMessage {
    /// Encodes an event once, to be pushed to every subscriber; with the peer as the event left it, if given.
    package static func event(
        _ event: EventReport, peer: PeerReport? = nil
    ) throws(JSONFailure) -> VarlinkMessage {
        try reply(SubscribeReply(event: event, peers: peer.map { [$0] }), continues: true)
    }
}

/// The parameters of `Audit`.
package struct AuditParameters: VarlinkParameters, Equatable, Sendable {
    /// The one name.
    package static let names = ["id"]
    /// The peer whose suspicions are asked for; all when this is absent.
    package var id: String?

    /// Asks for the suspicions of one peer, or of all.
    package init(id: String?) { self.id = id }
}

/// The parameters of `HappenedBefore`.
package struct OrderParameters: VarlinkParameters, Equatable, Sendable {
    /// The two names.
    package static let names = ["left", "right"]
    /// An event.
    package var left: DotText
    /// Another event.
    package var right: DotText

    /// Asks which of two events came first.
    package init(left: DotText, right: DotText) {
        self.left = left
        self.right = right
    }
}

/// What `Audit` answers.
package struct AuditReply: Codable, Equatable, Sendable {
    /// The suspicions that are kept, oldest first.
    package var suspicions: [SuspicionReport]
    /// The figures of each peer since the start, sorted by id.
    package var peers: [PeerAuditReport]

    /// Gathers suspicions and figures.
    package init(suspicions: [SuspicionReport], peers: [PeerAuditReport]) {
        self.suspicions = suspicions
        self.peers = peers
    }
}

/// What `GetClock` answers.
package struct GetClockReply: Codable, Equatable, Sendable {
    /// The clock.
    package var clock: ClockReport
}

/// What `HappenedBefore` answers.
package struct OrderReply: Codable, Equatable, Sendable {
    /// The order.
    package var order: ReportedOrder
    /// How sure that is; absent when it is unknown.
    package var certainty: ReportedCertainty?
    /// The events whose clocks show it.
    package var basis: [DotText]

    /// Reports an order, which is proved unless it is unknown.
    package init(order: ReportedOrder, basis: [DotText]) {
        self.order = order
        certainty = order == .unknown ? nil : .proved
        self.basis = basis
    }
}

/// What `GetCut` answers: a state that all hosts may have been in together at the daemon's latest event.
package struct CutReply: Codable, Equatable, Sendable {
    /// Whether all that could have influenced that event is in it; otherwise hosts may have been further.
    package var exact: Bool
    /// The daemon itself, then the other hosts, sorted by id.
    package var fronts: [CutFrontReport]

    /// Gathers a state.
    package init(exact: Bool, fronts: [CutFrontReport]) {
        self.exact = exact
        self.fronts = fronts
    }
}

/// What `ListConflicts` answers.
package struct ListConflictsReply: Codable, Equatable, Sendable {
    /// The conflicts reported, oldest first.
    package var conflicts: [EventReport]
}

extension MonitorProvider where Self: ~Copyable {
    func answerAudit(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let id = try call.parameters(AuditParameters.self).id
        let reply = audit(of: id)
        // One that a reload removed is still known here.
        if let id, !has(peer: id), reply.peers.isEmpty { throw MonitorInterface.noSuchPeer(id) }
        return .reply(reply)
    }

    func answerClock(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        _ = try call.parameters(NoParameters.self)
        return .reply(GetClockReply(clock: clock()))
    }

    func answerCut(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        _ = try call.parameters(NoParameters.self)
        return .reply(cut())
    }

    func answerOrder(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let events = try call.parameters(OrderParameters.self)
        return .reply(order(of: events.left, to: events.right))
    }

    func answerConflicts(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        _ = try call.parameters(NoParameters.self)
        return .reply(ListConflictsReply(conflicts: events(last: nil).filter { $0.event == .conflict }))
    }
}

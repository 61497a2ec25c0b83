internal import ArgumentParser
internal import StatusAPI

/// `suspectctl why [ID]`: what the state of a peer or a service rests on.
struct WhyCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain the state of a peer or a service by its evidence.",
        discussion: """
            Without an id, every peer that is suspected, pending, does not hear this node, or has left and is refused since; \
            then every service that is down, failed, hung or being restarted, or that its host cannot observe. \
            Exit status: 0, 3 no daemon answers, 4 no such peer or service.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The peer's id, or HOST/SERVICE; without it, all that need attention.",
        completion: PeerCompletion.withServices)
    var id: String?

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        guard let id else {
            try explainAll(over: &connection, in: context)
            return ExitStatus.success
        }
        if let service = ServiceID(id) {
            try explain(service, over: &connection, in: context)
        } else {
            try explain(peer: id, over: &connection, in: context)
        }
        return ExitStatus.success
    }

    /// Explains everything that needs attention, peers first.
    private func explainAll(
        over connection: inout StatusConnection, in context: ControlContext
    ) throws(ControlFailure) {
        let peers = try unwell(&connection, context)
        let services = CheckedServices(try connection.servicesIfKnown()).needingAttention
        if peers.isEmpty, services.isEmpty, !global.json {
            context.write([
                "every peer is trusted, left as planned, or has not been heard yet; no service needs attention"
            ])
        }
        var isFirst = true
        func separate() {
            if !isFirst, !global.json { context.write(["", ""]) }
            isFirst = false
        }
        for id in peers {
            separate()
            try explain(peer: id, over: &connection, in: context)
        }
        for service in services.compactMap({ ServiceID($0.id) }) {
            separate()
            try explain(service, over: &connection, in: context)
        }
    }

    private func explain(
        _ service: ServiceID, over connection: inout StatusConnection, in context: ControlContext
    ) throws(ControlFailure) {
        let reply = try connection.call(.whyService, service.parameters, as: WhyServiceReply.self)
        guard !global.json else { return try context.writeJSON(reply) }
        let view = WhyServiceView(reply: reply, nowUSec: context.wallClockUSec())
        context.write(view.lines(context.style))
    }

    private func explain(
        peer id: String, over connection: inout StatusConnection, in context: ControlContext
    ) throws(ControlFailure) {
        let reply = try connection.call(.why, PeerParameters(id: id), as: WhyReply.self)
        guard !global.json else { return try context.writeJSON(reply) }
        context.write(WhyView(reply: reply, nowUSec: context.wallClockUSec()).lines(context.style))
    }

    private func unwell(
        _ connection: inout StatusConnection, _ context: ControlContext
    ) throws(ControlFailure) -> [String] {
        let now = context.wallClockUSec()
        return try connection.call(.listPeers, as: ListPeersReply.self).peers
            .filter {
                $0.state == .pending || PeerCondition($0).needsAttention || $0.isBackInVain(nowUSec: now)
            }.map(\.id).sorted { $0.isBefore($1) }
    }
}

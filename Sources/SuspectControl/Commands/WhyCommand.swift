internal import ArgumentParser
internal import StatusAPI

/// `suspectctl why [ID]`: what the state of a peer or a service rests on.
struct WhyCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Explain the state of a peer or a service by its evidence.",
        discussion: """
            Without an id, every peer that is suspected, pending or does not hear this node. Exit status: 0, 3 no daemon \
            answers, 4 no such peer or service.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "The peer's id, or HOST/SERVICE; without it, every peer that needs attention.",
        completion: PeerCompletion.withServices)
    var id: String?

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        var connection = try connect(context)
        if let service = id.flatMap({ ServiceID($0) }) {
            try explain(service, over: &connection, in: context)
        } else {
            try explainPeers(over: &connection, in: context)
        }
        return ExitStatus.success
    }

    private func explain(
        _ service: ServiceID, over connection: inout StatusConnection, in context: ControlContext
    ) throws(ControlFailure) {
        let reply = try connection.call(.whyService, service.parameters, as: WhyServiceReply.self)
        guard !global.json else { return try context.writeJSON(reply) }
        let view = WhyServiceView(reply: reply, nowUSec: context.wallClockUSec())
        context.write(view.lines(context.style))
    }

    private func explainPeers(
        over connection: inout StatusConnection, in context: ControlContext
    ) throws(ControlFailure) {
        let ids: [String]
        if let id { ids = [id] } else { ids = try unwell(&connection) }
        if ids.isEmpty, !global.json {
            context.write(["every peer is trusted, left as planned, or has not been heard yet"])
        }
        for (number, id) in ids.enumerated() {
            let reply = try connection.call(.why, PeerParameters(id: id), as: WhyReply.self)
            if global.json {
                try context.writeJSON(reply)
            } else {
                let view = WhyView(reply: reply, nowUSec: context.wallClockUSec())
                context.write((number > 0 ? ["", ""] : []) + view.lines(context.style))
            }
        }
    }

    private func unwell(_ connection: inout StatusConnection) throws(ControlFailure) -> [String] {
        try connection.call(.listPeers, as: ListPeersReply.self).peers
            .filter { $0.state == .pending || PeerCondition($0).needsAttention }.map(\.id)
            .sorted { $0.isBefore($1) }
    }
}

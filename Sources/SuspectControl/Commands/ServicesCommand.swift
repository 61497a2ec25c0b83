internal import ArgumentParser
internal import StatusAPI

/// `suspectctl services`: the services of all hosts in a table.
struct ServicesCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "services", abstract: "List the services of all hosts.",
        discussion:
            "A service is configured on its host, with [[service]]. Exit status: 0, 3 no daemon answers, 4 no such host.\n\n"
            + Legend.text([.services]))

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Explain the states of services, without a daemon.")
    var legend = false

    @Option(
        help: ArgumentHelp("Only the services of this host.", valueName: "id"),
        completion: PeerCompletion.kind)
    var host: String?

    @Argument(help: "The same as --host.", completion: PeerCompletion.kind)
    var id: String?

    func run(in context: ControlContext) throws(ControlFailure) -> Int32 {
        guard !legend else {
            try context.writeLegend([.services], isJSON: global.json)
            return ExitStatus.success
        }
        var connection = try connect(context)
        let host = host ?? id
        let services = try connection.services(of: host)
        if global.json {
            try context.writeJSON(services)
        } else if services.isEmpty {
            context.write(["no service is configured" + (host.map { " on \($0.printable)" } ?? "")])
        } else {
            let view = ServicesView(services: services, nowUSec: context.wallClockUSec())
            context.write(view.lines(context.style) + ["\(countText(services.count, "service")) listed."])
        }
        return ExitStatus.success
    }
}

extension StatusConnection {
    /// The services of one host, or of all, in the order in which people sort names.
    mutating func services(of host: String? = nil) throws(ControlFailure) -> [ServiceReport] {
        try call(.listServices, ListServicesParameters(host: host), as: ListServicesReply.self)
            .services.sorted { $0.isBefore($1) }
    }

    /// The services of all hosts; none where the daemon is of an earlier version, which knows of none.
    mutating func servicesIfKnown() throws(ControlFailure) -> [ServiceReport] {
        do throws(ControlFailure) {
            return try services()
        } catch .refused(_, "MethodNotFound") {
            return []
        }
    }

    /// One service.
    mutating func service(_ id: ServiceID) throws(ControlFailure) -> ServiceReport {
        guard let found = try services(of: id.host).first(where: { $0.service == id.service }) else {
            throw .noSuchService(id.description)
        }
        return found
    }

    /// Checks that a host exists, or the service that HOST/SERVICE names.
    mutating func require(_ name: String) throws(ControlFailure) {
        if let id = ServiceID(name) { _ = try service(id) } else { _ = try services(of: name) }
    }

    /// Checks that the services exist which a subscription names; of the hosts the daemon says so itself.
    mutating func requireServices(of parameters: SubscribeParameters) throws(ControlFailure) {
        for name in parameters.peers ?? [] where ServiceID(name) != nil { try require(name) }
    }
}

/// The parameters of `ListServices`.
package struct ListServicesParameters: VarlinkParameters, Equatable, Sendable {
    /// The one name.
    package static let names = ["host"]
    /// Only the services of this host; those of all hosts when this is absent.
    package var host: String?

    /// Asks for services.
    package init(host: String?) { self.host = host }
}

/// What `ListServices` answers.
package struct ListServicesReply: Codable, Equatable, Sendable {
    /// The services, sorted by host and name.
    package var services: [ServiceReport]

    /// Lists services.
    package init(services: [ServiceReport]) { self.services = services }
}

/// The parameters of `GetService` and `WhyService`, and of the error `NoSuchService`.
package struct ServiceParameters: VarlinkParameters, Equatable, Sendable {
    /// The names.
    package static let names = ["host", "service"]
    /// The host.
    package var host: String
    /// The name of the service on that host.
    package var service: String

    /// `db3/postgres`: how it is named among all services.
    package var id: String { ServiceID(host: host, service: service).description }

    /// Names a service.
    package init(host: String, service: String) {
        self.host = host
        self.service = service
    }
}

/// What `WhyService` answers.
package struct WhyServiceReply: Codable, Equatable, Sendable {
    /// The service.
    package var service: ServiceReport
    /// What each layer of evidence says, the strongest first.
    package var layers: [LayerReport]
    /// The events of this service that are kept, oldest first.
    package var history: [EventReport]

    /// Explains a service's state.
    package init(service: ServiceReport, layers: [LayerReport], history: [EventReport]) {
        self.service = service
        self.layers = layers
        self.history = history
    }
}

extension MonitorProvider where Self: ~Copyable {
    func answerServices(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let host = try call.parameters(ListServicesParameters.self).host
        if let host, !has(host: host) { throw MonitorInterface.noSuchPeer(host) }
        let services = serviceReports().filter { host == nil || $0.host == host }
        return .reply(
            ListServicesReply(services: services.sorted { ($0.host, $0.service) < ($1.host, $1.service) }))
    }

    func answerWhyService(_ call: VarlinkCall) throws(VarlinkError) -> VarlinkAnswer {
        let asked = try call.parameters(ServiceParameters.self)
        guard let reply = explanation(of: asked) else {
            guard has(host: asked.host) else { throw MonitorInterface.noSuchPeer(asked.host) }
            throw MonitorInterface.noSuchService(asked)
        }
        return .reply(reply)
    }
}

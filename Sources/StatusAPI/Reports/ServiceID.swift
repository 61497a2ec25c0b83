/// `HOST/SERVICE`: how a service is named among all services.
package struct ServiceID: Hashable, Sendable, CustomStringConvertible {
    /// The host.
    package let host: String
    /// The name on that host.
    package let service: String

    /// Names a service of a host.
    package init(host: String, service: String) {
        self.host = host
        self.service = service
    }

    /// Reads `HOST/SERVICE`; `nil` for anything else, such as the id of a peer, which has no slash.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        (host, service) = (String(parts[0]), String(parts[1]))
    }

    /// The name as it is written.
    package var description: String { "\(host)/\(service)" }

    /// The parameters that name it.
    package var parameters: ServiceParameters { ServiceParameters(host: host, service: service) }

    /// The host in the id of a peer, or of a service.
    package static func host(of text: String) -> String { ServiceID(text)?.host ?? text }
}

extension EventReport {
    /// The service that an event is of; `nil` for one of a host or of the daemon.
    package var serviceID: ServiceID? {
        guard let peer, let service else { return nil }
        return ServiceID(host: peer, service: service)
    }
}

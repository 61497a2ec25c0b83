internal import StatusAPI

/// The metrics that exist once for each service that is known.
struct ServiceMetrics {
    private let services: [ServiceReport]

    /// The metrics of these services, sorted by host and name.
    init(services: [ServiceReport]) {
        self.services = services.sorted { ($0.host, $0.service) < ($1.host, $1.service) }
    }

    /// Every metric of a service, in a fixed order.
    var families: [MetricFamily] {
        [
            MetricFamily(
                "service_state", .gauge,
                "1 for the state that the service is in, 0 for the others; unknown while its host is suspected.",
                services.flatMap { service in
                    (ReportedServiceState.allCases + (service.state.isKnown ? [] : [service.state])).map {
                        var labels = Self.labels(service)
                        labels["state"] = $0.rawValue
                        return .init(service.state == $0, labels)
                    }
                }),
            MetricFamily(
                "service_restarts_total", .counter,
                "How often the service was started again after an end that was not planned.",
                services.map { .init(labels: Self.labels($0), value: "\($0.restarts)") }),
        ]
    }

    private static func labels(_ service: ServiceReport) -> [String: String] {
        ["host": service.host, "service": service.service]
    }
}

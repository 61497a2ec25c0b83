internal import CausalClock
internal import FailureDetection
internal import Records
internal import Services
internal import StatusAPI
internal import Wire

/// From the services' values to what the status socket shows.
extension ReportedServiceState {
    init(_ state: ServiceState) { self = Self(rawValue: state.name) ?? .unknown }
}

extension EventReport {
    /// That what a service does has changed.
    init(
        _ status: ServiceStatus, of name: ServiceName, on host: HostID, at dot: Dot, timeUSec: Int,
        reason: String
    ) {
        self.init(
            timeUSec: timeUSec, dot: DotText(dot), event: .service, service: name.description,
            of: host.description, evidence: EvidenceReport(reason: reason))
        state = ReportedServiceState(status.state)
        cause = status.cause == .none ? nil : .other(status.cause.name)
        certainty = ReportedCertainty(status.certainty)
        detail = Wording.detail(status.detail)
        generation = Int(clamping: status.generation)
    }
}

extension NodeState {
    /// Whether this host or a peer has this id.
    func has(host id: String) -> Bool { id == endpoint.monitor.id.description || has(peer: id) }

    /// The services of all hosts.
    func serviceReports() -> [ServiceReport] {
        services.book.names.compactMap { ownService($0) } + remoteServices
    }

    private func ownService(_ name: ServiceName) -> ServiceReport? {
        guard let status = services.book.watch(of: name)?.status else { return nil }
        return ServiceReport(
            host: endpoint.monitor.id.description, service: name.description,
            state: ReportedServiceState(status.state), cause: status.cause.name,
            certainty: ReportedCertainty(status.certainty),
            detail: Wording.shown(status.state, status.detail),
            generation: Int(clamping: status.generation), restarts: Int(clamping: status.restarts),
            sinceUSec: wall.microseconds(status.since), hostState: .trusted)
    }

    /// What the state of a service rests on.
    func explanation(of asked: ServiceParameters) -> WhyServiceReply? {
        guard let name = ServiceName(asked.service), let host = HostID(asked.host) else { return nil }
        guard host == endpoint.monitor.id else { return remoteExplanation(of: name, on: host) }
        guard let report = ownService(name), let watch = services.book.watch(of: name)
        else { return nil }
        let unit = services.units[name] ?? ""
        var layers = watch.layers(at: now).map {
            LayerReport(layer: $0.layer.rawValue, finding: Wording.layer($0.word, unit: unit))
        }
        if let failure = services.managerFailure {
            layers.append(LayerReport(layer: "finding", finding: failure))
        }
        layers += watch.findings.map {
            LayerReport(layer: "finding", finding: Wording.shortFinding($0, services.unit(of: name)))
        }
        if watch.status.cause == .progress, let refusals = refusalsOfClients {
            layers.append(LayerReport(layer: "finding", finding: refusals))
        }
        return WhyServiceReply(
            service: report, layers: layers, history: history.concerning(asked.service, of: asked.host))
    }
}

internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Records
internal import Services
internal import StatusAPI
internal import Systemd
internal import Wire

/// The services of other hosts: what they report, seen by how this host judges theirs.
extension NodeState {
    /// Takes what other hosts report, and what the verdicts of this turn mean for their services.
    mutating func reviewServices(after outbox: borrowing Outbox) {
        for news in outbox.recordNews where news.record.service != nil { take(news) }
        // While this host blames itself, peers are suspected without a notice for each.
        if !outbox.notices.isEmpty || !outbox.silencedPeers.isEmpty { reviewServicesOfAll() }
        sweepServices()
    }

    /// For how long services that a host has not reported yet, in an incarnation that has begun, are shown as unknown.
    private static let patience = TimeSpan.seconds(10)

    /// Forgets the services that their hosts have not reported for at least one period: they were taken out of the
    /// configuration while the daemon there was away.
    mutating func sweepServices() {
        if services.nextSweep == .never, !services.shown.isEmpty { services.nextSweep = now + Self.patience }
        guard services.nextSweep <= now else { return }
        services.nextSweep = services.shown.isEmpty ? .never : now + Self.patience
        let missing = services.shown.flatMap { host, shown in
            let present = Set(endpoint.records.services(of: host).map(\.name))
            return shown.keys.filter { !present.contains($0) && standing(of: host) != .suspected }
                .map { RecordKey(.service, host, service: $0) }
        }
        for key in missing.sorted() where services.missing.contains(key) {
            if let name = key.service { forget(name, of: key.host, at: endpoint.monitor.clock.dot) }
        }
        services.missing = Set(missing)
    }

    /// Takes what verdicts, or a reload, mean for the services of hosts.
    mutating func reviewServicesOfAll() {
        let changed = services.shown.keys.filter { standing(of: $0) != services.standings[$0] }
        for host in changed.sorted() { reviewServices(of: host) }
    }

    private mutating func take(_ news: Outbox.RecordNews) {
        guard news.record.host != endpoint.monitor.id, case .service(let name, let report) = news.record.body
        else { return }
        guard !report.isGone else { return forget(name, of: news.record.host, at: news.record.dot) }
        show(report, of: name, on: news.record.host, at: news.record.dot)
    }

    private mutating func reviewServices(of host: HostID) {
        let present = endpoint.records.services(of: host)
        for (name, report, dot) in present { show(report, of: name, on: host, at: dot) }
        for name in (services.shown[host] ?? [:]).keys.sorted()
        where !present.contains(where: { $0.name == name }) {
            guard let report = services.shown[host]?[name]?.report else { continue }
            show(report, of: name, on: host, at: endpoint.monitor.clock.dot, isHeld: true)
        }
    }

    /// Reports a service as it is to be shown, if that differs from what was reported last.
    private mutating func show(
        _ report: ServiceFacts, of name: ServiceName, on host: HostID, at dot: Dot,
        isHeld: Bool = false
    ) {
        services.standings[host] = standing(of: host)
        // What a former incarnation has reported is not known to be true any more.
        let now = ShownService(report, on: isHeld ? .absent : standing(of: host))
        let before = services.shown[host]?[name]
        services.shown[host, default: [:]][name] = now
        let isSame =
            before?.state == now.state && before?.cause == now.cause && before?.certainty == now.certainty
            && (now.state == .unknown || before?.report.detail == report.detail)
            && (now.state == .unknown || before?.report.generation == report.generation)
        guard !isSame, before != nil || now.state != .unknown else { return }
        let event = event(of: now, after: before, name, on: host, at: dot)
        // The verdict on its host is a line of its own, and so is the first that is learnt of it.
        let isFirst = before == nil || before?.state == .unknown
        announce(event, of: name, kind: ServiceNote(now.state, isFirst: isFirst))
    }

    private func event(
        of shown: ShownService, after before: ShownService?, _ name: ServiceName, on host: HostID, at dot: Dot
    ) -> EventReport {
        let id = "\(host)/\(name)"
        let report = shown.report
        var sentence: String
        if shown.state == .unknown {
            sentence = "nothing is known of \(id): " + whyUnknown(report, on: host)
        } else {
            sentence = Wording.sentence(
                shown.state, EndCause(shown.cause, report.detail), shown.certainty, of: id)
            if shown.state == .up, let former = before?.report.generation, former > 0,
                former < report.generation
            {
                sentence += " again (generation \(report.generation))"
            }
        }
        var event = EventReport(
            timeUSec: wall.microseconds(now), dot: DotText(dot), event: .service, service: name.description,
            of: host.description, evidence: EvidenceReport(reason: sentence))
        event.state = ReportedServiceState(shown.state)
        event.cause = shown.cause == .none ? nil : .other(shown.cause.name)
        event.certainty = ReportedCertainty(shown.certainty)
        event.detail = shown.state == .unknown ? nil : Wording.detail(report.detail)
        event.generation = Int(clamping: report.generation)
        return event
    }

    private mutating func forget(_ name: ServiceName, of host: HostID, at dot: Dot) {
        guard services.shown[host]?.removeValue(forKey: name) != nil else { return }
        if services.shown[host]?.isEmpty ?? false {
            (services.shown[host], services.standings[host]) = (nil, nil)
        }
        announceGone(name, of: host, at: dot)
    }

    /// What this host makes of another.
    func standing(of host: HostID) -> HostStanding {
        guard host != endpoint.monitor.id else { return .own }
        guard let index = endpoint.monitor.index(of: host) else { return .absent }
        switch endpoint.monitor.state(ofPeer: index) {
        case .trusted, .pending: return isOfAnotherIncarnation(host, index) ? .absent : .trusted
        case .suspected: return .suspected
        case .unknown, .left: return .absent
        }
    }

    private func whyUnknown(_ report: ServiceFacts, on host: HostID) -> String {
        guard standing(of: host) == .trusted else { return "its host \(standingText(of: host))" }
        return report.state == .unknown
            ? Wording.unknown(report.detail)
            : "the daemon of its host was started, and has not reported it yet"
    }

    /// Whether a host is heard in another incarnation than the one in whose name its services are reported: it has just started again
    /// and has not reported them yet, or another host lies.
    private func isOfAnotherIncarnation(_ host: HostID, _ index: Int) -> Bool {
        guard let heard = endpoint.monitor.epoch(ofPeer: index) else { return false }
        return endpoint.records.incarnation(of: host).map { $0 != heard } ?? false
    }

    private func standingText(of host: HostID) -> String {
        guard let index = endpoint.monitor.index(of: host) else { return "is no peer any more" }
        return switch endpoint.monitor.state(ofPeer: index) {
        case .trusted, .pending:
            isOfAnotherIncarnation(host, index)
                ? "is not heard in the incarnation in whose name they are reported" : "is trusted"
        case .suspected: "is suspected"
        case .unknown: "has not been heard yet"
        case .left: "has left"
        }
    }
}

/// What the status socket shows of them.
extension NodeState {
    /// The services of peers: what these report, and what this host's own file names beside that.
    var remoteServices: [ServiceReport] {
        let peers = endpoint.records.members.filter { endpoint.monitor.index(of: $0) != nil }
        let reported = peers.flatMap { host in
            endpoint.records.services(of: host).map { report($0.report, of: $0.name, on: host) }
        }
        var known = Set(reported.map(\.id))
        let held = heldServices.filter { known.insert($0.id).inserted }
        return reported + held + configuredServices.filter { !known.contains($0.id) }
    }

    /// Those that the configuration names: not all of them are reported, or their hosts heard.
    private var configuredServices: [ServiceReport] {
        configuration.settings.servicesElsewhere.sorted { $0.key < $1.key }.flatMap { host, names in
            names.compactMap { name in
                HostID(host).flatMap { host in ServiceName(name).map { unreported($0, on: host) } }
            }
        }
    }

    private func unreported(_ name: ServiceName, on host: HostID) -> ServiceReport {
        ServiceReport(
            host: host.description, service: name.description, state: .unknown,
            cause: ServiceCause.none.name, certainty: .suspected, detail: whyUnreported(on: host),
            generation: 0,
            restarts: 0, sinceUSec: wall.microseconds(started),
            hostState: reportedState(of: host) ?? .unknown,
            reported: .unknown)
    }

    private func whyUnreported(on host: HostID) -> String {
        switch standing(of: host) {
        case .own, .trusted: "not reported by its host: compare the [[service]] entries there"
        case .suspected, .absent: "its host \(standingText(of: host))"
        }
    }

    private func reportedState(of host: HostID) -> ReportedState? {
        endpoint.monitor.index(of: host).map { ReportedState(endpoint.monitor.state(ofPeer: $0)) }
    }

    /// The services of former incarnations that are not reported yet.
    private var heldServices: [ServiceReport] {
        let peers = services.shown.filter { endpoint.monitor.index(of: $0.key) != nil }
        return peers.sorted { $0.key < $1.key }.flatMap { host, shown in
            shown.sorted { $0.key < $1.key }.map {
                report($0.value.report, of: $0.key, on: host, isHeld: true)
            }
        }
    }

    /// What explains the state of a service of another host; `nil` when there is no such service.
    func remoteExplanation(of name: ServiceName, on host: HostID) -> WhyServiceReply? {
        guard let found = endpoint.records.services(of: host).first(where: { $0.name == name }) else {
            return heldExplanation(of: name, on: host)
        }
        let shown = report(found.report, of: name, on: host)
        let layers = [
            LayerReport(layer: "host", finding: "its host \(standingText(of: host))"),
            LayerReport(
                layer: "record",
                finding: "its host has reported \(shown.reported.rawValue) in its event \(DotText(found.dot))"
            ),
        ]
        return WhyServiceReply(
            service: shown, layers: layers,
            history: history.concerning(name.description, of: host.description))
    }

    private func heldExplanation(of name: ServiceName, on host: HostID) -> WhyServiceReply? {
        guard let held = services.shown[host]?[name]?.report else {
            return unreportedExplanation(of: name, on: host)
        }
        return WhyServiceReply(
            service: report(held, of: name, on: host, isHeld: true),
            layers: [LayerReport(layer: "host", finding: whyUnknown(held, on: host))],
            history: history.concerning(name.description, of: host.description))
    }

    private func unreportedExplanation(of name: ServiceName, on host: HostID) -> WhyServiceReply? {
        let names = configuration.settings.servicesElsewhere[host.description] ?? []
        guard names.contains(name.description) else { return nil }
        return WhyServiceReply(
            service: unreported(name, on: host),
            layers: [LayerReport(layer: "host", finding: whyUnreported(on: host))],
            history: history.concerning(name.description, of: host.description))
    }

    private func report(
        _ report: ServiceFacts, of name: ServiceName, on host: HostID, isHeld: Bool = false
    ) -> ServiceReport {
        let shown = ShownService(report, on: isHeld ? .absent : standing(of: host))
        // Why its host knows nothing of it is known as long as that is heard.
        let isTold = shown.state != .unknown || !isHeld && standing(of: host) == .trusted
        return ServiceReport(
            host: host.description, service: name.description, state: ReportedServiceState(shown.state),
            cause: shown.cause.name, certainty: ReportedCertainty(shown.certainty),
            detail: isTold ? Wording.shown(report.state, report.detail) : "",
            generation: Int(clamping: report.generation), restarts: Int(clamping: report.restarts),
            sinceUSec: Int(clamping: report.sinceMicroseconds),
            hostState: reportedState(of: host) ?? .unknown,
            reported: ReportedServiceState(report.state))
    }
}

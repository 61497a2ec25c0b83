internal import CausalClock
internal import Configuration
internal import FailureDetection
internal import Records
internal import Services
internal import StatusAPI
internal import Systemd
internal import UnitObservation
internal import Wire

/// This host's services: what is learnt of them, and how it is reported.
extension NodeState {
    /// Takes the services that the configuration names.
    mutating func configureServices(into outbox: inout Outbox) {
        let configured = configuration.settings.services.compactMap { service in
            ServiceName(service.name).map { (name: $0, service: service) }
        }
        services.set(Dictionary(configured.map { ($0.name, $0.service.unit) }) { first, _ in first })
        let settings = configured.map {
            ServiceSettings(
                name: $0.name, unit: $0.service.unit, hungAfter: $0.service.hungAfter.map { TimeSpan($0) })
        }
        let remembered = services.memory.filter { services.units[$0.name] == $0.unit }.map {
            ($0.name, $0.memory)
        }
        let gone = services.book.configure(settings, memory: remembered, at: now)
        services.memory = []
        services.reported = services.reported.filter { services.units[$0.key] != nil }
        services.cgroups.keep(services.book.names)
        endpoint.setServices(services.book.names, at: now, into: &outbox)
        report(gone, into: &outbox)
    }

    /// The units of this host's services.
    var observedUnits: [ObservedUnit] {
        services.units.sorted { $0.key < $1.key }.map { ObservedUnit(service: $0.key, unit: $0.value) }
    }

    /// Takes what was learnt of a service.
    mutating func take(_ input: ServiceInput, of service: ServiceName, into outbox: inout Outbox) {
        report(services.book.handle(input, of: service, at: now), into: &outbox)
        if reportFindings(of: service), let status = services.book.watch(of: service)?.status {
            // That a unit is not there is no change of state, and the others are to know of the service all the same.
            publish(status, of: service, into: &outbox)
        }
    }

    /// Derives what is due.
    mutating func advanceServices(into outbox: inout Outbox) {
        let lag = endpoint.monitor.health.lag
        if lag >= LocalHealth.stallThreshold {
            report(services.book.handleForAll(.paused(for: lag), at: now), into: &outbox)
        }
        for (service, within) in services.calls { take(.alive(within: within), of: service, into: &outbox) }
        services.calls = []
        guard services.book.nextDeadline <= now else { return }
        report(services.book.wake(at: now), into: &outbox)
    }

    private mutating func report(_ news: [ServiceNews], into outbox: inout Outbox) {
        for item in news {
            switch item {
            case .changed(let name, let change):
                publish(change.after, of: name, into: &outbox)
                report(change, of: name)
            case .gone(let name):
                announceGone(name, of: endpoint.monitor.id, at: endpoint.monitor.clock.dot)
            }
        }
    }

    /// Writes the record of what a service does: an event of this node's, which the announcement is named by.
    private mutating func publish(
        _ status: ServiceStatus, of name: ServiceName, into outbox: inout Outbox
    ) {
        let since = UInt64(max(0, wall.microseconds(status.since)))
        endpoint.publish(status.report(since: since), of: name, at: now, into: &outbox)
    }

    private mutating func report(_ change: ServiceChange, of name: ServiceName) {
        let isVisible =
            change.restart != nil || change.before.state != change.after.state
            || change.before.cause != change.after.cause || change.before.detail != change.after.detail
            || change.before.certainty != change.after.certainty
        // Why nothing is known is a finding.
        let isKnown = change.before.state != .unknown || change.after.state != .unknown
        guard isVisible, isKnown else { return }
        let sentence = Wording.sentence(change, of: name, on: endpoint.monitor.id)
        var event = EventReport(
            change.after, of: name, on: endpoint.monitor.id, at: endpoint.monitor.clock.dot,
            timeUSec: wall.microseconds(now), reason: sentence)
        event.endedUSec = change.restart.map { wall.microseconds($0.ended) }
        announce(event, of: name, kind: ServiceNote(change))
    }

    /// Announces that a service, of this host or another, is no longer observed there.
    mutating func announceGone(_ name: ServiceName, of host: HostID, at dot: Dot) {
        var event = EventReport(
            timeUSec: wall.microseconds(now), dot: DotText(dot), event: .service, service: name.description,
            of: host.description,
            evidence: EvidenceReport(reason: "\(host)/\(name) is no longer observed"))
        event.state = .unknown
        announce(event, of: name, kind: ServiceNote(.notice, .serviceUnknown))
    }

    /// Announces what a service does; of one that changes all the time the history keeps only so much.
    mutating func announce(_ event: EventReport, of name: ServiceName, kind: ServiceNote) {
        let key = event.serviceID?.description ?? name.description
        let isSuppressed = services.limiter.admit(key, at: .nanoseconds(now.nanoseconds)) == .suppressed
        let entry = JournalEntry(
            kind.priority, event.evidence.reason, id: kind.id,
            fields: [
                JournalField(.event, event.event.rawValue), JournalField(.peer, event.peer ?? ""),
                JournalField(.service, name.description), JournalField(.state, event.state?.rawValue ?? ""),
                JournalField(.cause, event.cause?.rawValue ?? ""),
            ].filter { !$0.value.isEmpty })
        var announcement = Announcement(event: event, entry: entry, isPassing: isSuppressed)
        announcement.subject = key
        announce(announcement)
    }

    /// Informs the administrator of what is amiss beside the state, once.
    ///
    /// - Returns: whether there is a change.
    private mutating func reportFindings(of service: ServiceName) -> Bool {
        guard let findings = services.book.watch(of: service)?.findings else { return false }
        let former = services.reported[service] ?? []
        guard former != Set(findings) else { return false }
        services.reported[service] = Set(findings)
        for finding in findings where !former.contains(finding) {
            guard let text = Wording.finding(finding, services.unit(of: service)) else { continue }
            announce(
                .config, "service \(service): \(text)", priority: .warning, id: .serviceFinding,
                fields: [JournalField(.service, service.description)])
        }
        return true
    }

    /// Says that a folder stands in for the service manager: what it says of services is whatever its owner writes.
    mutating func noteUnitFolder(_ folder: String, variable: String) {
        announce(
            .config,
            "what services do is read from the files in \(folder) and not from the service manager, because \(variable) is set: "
                + "it is for demonstrations and tests; remove it from the environment and restart suspectd",
            priority: .warning, id: .serviceFinding)
    }

    /// Notes that the service manager cannot be asked, or can be again.
    mutating func noteManager(_ failure: String?) {
        services.managerFailure = failure
        guard let failure else {
            return announce(
                .config, "the service manager answers again: causes and states of services are known",
                priority: .notice, id: .serviceFinding)
        }
        announce(
            .config,
            "the service manager cannot be asked, so what services do is not known, but for exits of processes seen before: \(failure)",
            priority: .warning, id: .serviceFinding)
    }
}

/// How urgent a change of a service is, and how the catalogue explains it.
struct ServiceNote {
    let priority: JournalPriority
    let id: MessageID

    init(_ priority: JournalPriority, _ id: MessageID) { (self.priority, self.id) = (priority, id) }

    /// Of a change.
    init(_ change: ServiceChange) { self.init(change.after.state, isFirst: change.before.state == .unknown) }

    /// Of the state that a service is in now.
    init(_ state: ServiceState, isFirst: Bool) {
        switch state {
        case .down, .failed, .hung, .restarting: self.init(.warning, .serviceFailed)
        case .up: self.init(isFirst ? .information : .notice, .serviceUp)
        case .stopped: self.init(isFirst ? .information : .notice, .service)
        case .starting, .reloading, .stopping: self.init(.information, .service)
        case .unknown: self.init(.information, .serviceUnknown)
        }
    }
}

internal import CausalClock
internal import FailureDetection
internal import Records
internal import Services
internal import StatusAPI
internal import Wire

/// Which services need attention, for the line that `systemctl status` shows.
extension NodeState {
    /// A service that needs attention.
    private struct Trouble {
        var id: String
        var state: ServiceState
        var cause: ServiceCause
        var detail: ServiceDetail
    }

    /// `1 of 4 services needs attention: db3/web failed (signal 9)`, at most two by name; `nil` while all are well.
    var serviceText: String? {
        let (own, others) = (ownTroubles, remoteTroubles)
        let troubles = (own + others).sorted { $0.id < $1.id }
        guard !troubles.isEmpty else { return nil }
        let count = services.book.names.count + services.shown.values.reduce(0) { $0 + $1.count }
        var names = troubles.prefix(2).map(Self.text)
        if troubles.count > 2 { names.append("+\(troubles.count - 2)") }
        return "\(troubles.count) of \(countText(count, "service")) "
            + "\(troubles.count == 1 ? "needs" : "need") attention: \(names.joined(separator: ", "))"
    }

    /// Of a service that has just been configured the unit is still asked for; that is no trouble.
    private var ownTroubles: [Trouble] {
        services.book.names.compactMap { name in
            guard let watch = services.book.watch(of: name),
                Self.isTrouble(watch.status.state, watch.findings.contains(.noSuchUnit))
            else { return nil }
            return Trouble(
                id: "\(endpoint.monitor.id)/\(name)", state: watch.status.state, cause: watch.status.cause,
                detail: watch.status.detail)
        }
    }

    private var remoteTroubles: [Trouble] {
        services.shown.flatMap { host, shown in
            shown.compactMap { name, service in
                let isUnobserved = service.report.state == .unknown && services.standings[host] == .trusted
                guard Self.isTrouble(service.state, isUnobserved) else { return nil }
                return Trouble(
                    id: "\(host)/\(name)", state: service.state, cause: service.cause,
                    detail: service.report.detail)
            }
        }
    }

    private static func isTrouble(_ state: ServiceState, _ isUnobserved: Bool) -> Bool {
        switch state {
        case .down, .failed, .hung, .restarting: true
        case .unknown: isUnobserved
        case .up, .starting, .reloading, .stopping, .stopped: false
        }
    }

    private static func text(_ trouble: Trouble) -> String {
        let detail = Wording.shown(trouble.state, trouble.detail)
        let cause = trouble.cause == .none ? "" : trouble.cause.name
        let reason = detail.isEmpty ? cause : detail
        return "\(trouble.id) \(trouble.state.name)" + (reason.isEmpty ? "" : " (\(reason))")
    }
}

internal import StatusAPI

/// What `check` makes of services: those of hosts that are suspected are no failures of their own.
struct CheckedServices {
    private let services: [ServiceReport]

    /// Those that are down, failed or hung, or wait to be started again after a failure.
    let failed: [ServiceReport]
    /// Those of which their host cannot say what they do: there is no such unit, or its service manager cannot be asked.
    let unobserved: [ServiceReport]

    init(_ services: [ServiceReport]) {
        let services = services.sorted { $0.isBefore($1) }
        self.services = services
        failed = services.filter(\.state.isFailure)
        unobserved = services.filter { $0.state == .unknown && $0.hostState == .trusted }
    }

    /// Both: what an operator has to check, the worst first.
    var needingAttention: [ServiceReport] {
        (failed + unobserved).sorted { $0.rank == $1.rank ? $0.isBefore($1) : $0.rank < $1.rank }
    }

    /// `1 of 4 needs attention: db3/web failed (signal 9)`; `nil` while none does.
    func attention(atMost limit: Int) -> String? {
        let (all, count) = (needingAttention, needingAttention.count)
        guard count > 0 else { return nil }
        return "\(count) of \(services.count) \(count == 1 ? "needs" : "need") attention: "
            + CheckReport.listed(all.map(\.trouble), atMost: limit).joined(separator: ", ")
    }

    /// Names those that failed, and those that cannot be observed; nothing without any.
    func remark(atMost limit: Int) -> String {
        let why = unobserved.first.map { ", see 'suspectctl why \($0.id)'" } ?? ""
        return clause(failed.map { "\($0.id) is \($0.state.word)" }, "failed", limit)
            + clause(unobserved.map(\.id), "not observed", limit) + why
    }

    private func clause(_ names: [String], _ what: String, _ limit: Int) -> String {
        guard !names.isEmpty else { return "" }
        return "; \(names.count) of \(countText(services.count, "service")) \(what): "
            + CheckReport.listed(names, atMost: limit).joined(separator: ", ")
    }

    /// Performance data; nothing where no service is observed.
    var performance: String {
        services.isEmpty ? "" : " failed_services=\(failed.count);;;0;\(services.count)"
    }

    /// A line for each that failed.
    func details(_ nowUSec: Int) -> [String] {
        failed.map { service in
            let cause = service.causeText.isEmpty ? "" : ": \(service.causeText)"
            return "\(service.id) \(service.standing(nowUSec: nowUSec))\(cause)"
        }
    }
}

extension ReportedServiceState {
    /// Whether it needs attention: its process has ended unplanned, or makes no progress.
    var isFailure: Bool {
        switch self {
        case .down, .failed, .hung, .restarting: true
        case .up, .starting, .reloading, .stopping, .stopped, .unknown, .other: false
        }
    }
}

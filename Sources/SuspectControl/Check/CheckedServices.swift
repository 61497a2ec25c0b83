internal import StatusAPI

/// What `check` makes of services: those of hosts that are suspected are no failures of their own.
struct CheckedServices {
    private let services: [ServiceReport]

    /// Those that are down, failed or hung.
    let failed: [ServiceReport]

    init(_ services: [ServiceReport]) {
        self.services = services
        failed = services.filter { service in
            switch service.state {
            case .down, .failed, .hung: true
            case .up, .starting, .reloading, .stopping, .stopped, .restarting, .unknown, .other: false
            }
        }
    }

    /// Names those that failed; nothing without any.
    func remark(atMost limit: Int) -> String {
        guard !failed.isEmpty else { return "" }
        let names = CheckReport.listed(failed.map { "\($0.id) is \($0.state.word)" }, atMost: limit)
        return "; \(failed.count) of \(countText(services.count, "service")) failed: "
            + names.joined(separator: ", ")
    }

    /// Performance data; nothing where no service is observed.
    var performance: String {
        services.isEmpty ? "" : " failed_services=\(failed.count);;;0;\(services.count)"
    }

    /// A line for each that failed.
    func details(_ nowUSec: Int) -> [String] {
        failed.map { service in
            let cause = service.causeText.isEmpty ? "" : ": \(service.causeText)"
            let duration = HumanDuration.text(from: service.sinceUSec, to: nowUSec)
            return "\(service.id) has been \(service.state.word) for \(duration)\(cause)"
        }
    }
}

/// What a service does.
///
/// The raw values are a contract with scripts: never change the meaning of one.
package enum ReportedServiceState: ReportedWord {
    /// It runs.
    case up
    /// It is being started.
    case starting
    /// It reads its configuration again.
    case reloading
    /// It is being stopped.
    case stopping
    /// It does not run, and nothing is wrong with that.
    case stopped
    /// Its main process has ended; the cause is to follow.
    case down
    /// It has failed, and is not being restarted.
    case failed
    /// It runs and makes no progress.
    case hung
    /// It has failed, and is about to be started again.
    case restarting
    /// Nothing is known: its host is suspected, or its unit is not known there.
    case unknown
    /// A state of a later version: it never counts as up.
    case other(String)

    /// The words that this version knows, in the order of the interface.
    package static let allCases: [Self] = [
        .up, .starting, .reloading, .stopping, .stopped, .down, .failed, .hung, .restarting, .unknown,
    ]

    /// The word as it stands in JSON.
    package var rawValue: String {
        switch self {
        case .up: "up"
        case .starting: "starting"
        case .reloading: "reloading"
        case .stopping: "stopping"
        case .stopped: "stopped"
        case .down: "down"
        case .failed: "failed"
        case .hung: "hung"
        case .restarting: "restarting"
        case .unknown: "unknown"
        case .other(let word): word
        }
    }
}

/// What is known of one service (the interface's type `Service`).
///
/// Texts are empty where there is nothing to say, so that every key is always there.
package struct ServiceReport: Codable, Equatable, Sendable {
    /// The host on which it runs.
    package var host: String
    /// Its name on that host.
    package var service: String
    /// What it does, as it is to be shown: `unknown` while its host is suspected.
    package var state: ReportedServiceState
    /// Why: exit, signal, core, oom, watchdog, start-limit, frozen, planned or progress; empty when there is nothing to
    /// explain.
    package var cause: String
    /// How sure that is: proved is what the kernel reported.
    package var certainty: ReportedCertainty
    /// The status or the signal, in words.
    package var detail: String
    /// How many activations its host's daemon has seen.
    package var generation: Int
    /// How many of them followed an end that was not planned.
    package var restarts: Int
    /// When it entered its state, in wall-clock microseconds since 1970, by the clock of its host.
    package var sinceUSec: Int
    /// What this daemon says of its host; trusted for this host itself.
    package var hostState: ReportedState
    /// How its host is watched: `direct`, or `reported` by others.
    package var observed: String
    /// The last state that its host reported; it differs from `state` where that is unknown because of the host.
    package var reported: ReportedServiceState

    /// Describes a service.
    package init(
        host: String, service: String, state: ReportedServiceState, cause: String = "",
        certainty: ReportedCertainty = .suspected, detail: String = "", generation: Int = 0,
        restarts: Int = 0, sinceUSec: Int, hostState: ReportedState, observed: String = "direct",
        reported: ReportedServiceState? = nil
    ) {
        self.host = host
        self.service = service
        self.state = state
        self.cause = cause
        self.certainty = certainty
        self.detail = detail
        self.generation = generation
        self.restarts = restarts
        self.sinceUSec = sinceUSec
        self.hostState = hostState
        self.observed = observed
        self.reported = reported ?? state
    }

    /// `db3/postgres`: how it is named among all services.
    package var id: String { ServiceID(host: host, service: service).description }
}

/// What one layer of evidence says of a service (the interface's type `Layer`).
package struct LayerReport: Codable, Equatable, Sendable {
    /// Which layer: host, process, manager, cgroup, progress or finding.
    package var layer: String
    /// What it says, in words.
    package var finding: String

    /// Describes what a layer says.
    package init(layer: String, finding: String) {
        self.layer = layer
        self.finding = finding
    }
}

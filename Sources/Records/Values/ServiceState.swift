/// What a service does, as its host knows it or as a reader has to show it.
///
/// The names are part of the contract with scripts; the numbers are those on the wire.
package enum ServiceState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// It runs.
    case up = 0
    /// It is being started.
    case starting = 1
    /// It is reading its configuration again.
    case reloading = 2
    /// It is being stopped by a job.
    case stopping = 3
    /// It does not run, and nothing is wrong with that.
    case stopped = 4
    /// Its main process has ended; the cause is to follow.
    case down = 5
    /// It has failed, and is not being restarted.
    case failed = 6
    /// It runs and makes no progress.
    case hung = 7
    /// It has failed, and the service manager is going to start it again.
    case restarting = 8
    /// Nothing is known: its host has no such unit or cannot say, or a reader suspects its host, which is never sent.
    case unknown = 9

    /// Its name in texts and in JSON.
    package var name: String {
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
        }
    }
}

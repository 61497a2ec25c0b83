/// Why a service is in its state; the numbers are those on the wire.
package enum ServiceCause: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// There is nothing to explain, or the cause is not known yet.
    case none = 0
    /// Its main process exited.
    case exit = 1
    /// A signal ended it.
    case signal = 2
    /// A signal ended it, and it dumped its memory.
    case core = 3
    /// The kernel ended it because memory ran out.
    case oom = 4
    /// The service manager ended it because its keep-alive calls stopped.
    case watchdog = 5
    /// It was started too often within a short time.
    case startLimit = 6
    /// Its cgroup is frozen.
    case frozen = 7
    /// A job asked for it.
    case planned = 8
    /// It has made no call of `Alive` within its time limit.
    case progress = 9

    /// Its name in texts and in JSON; empty for none.
    package var name: String {
        switch self {
        case .none: ""
        case .exit: "exit"
        case .signal: "signal"
        case .core: "core"
        case .oom: "oom"
        case .watchdog: "watchdog"
        case .startLimit: "start-limit"
        case .frozen: "frozen"
        case .planned: "planned"
        case .progress: "progress"
        }
    }
}

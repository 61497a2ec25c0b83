internal import Services
internal import Systemd

extension UnitProperties {
    /// What the names and numbers of the service manager mean; a later manager's new states of an active unit are `active`.
    init(_ facts: UnitFacts) {
        self.init(Self.active[facts.activeState] ?? .active, invocation: InvocationID(facts.invocation))
        switch facts.subState {
        // Later managers name the moment before the job of the restart apart.
        case "auto-restart", "auto-restart-queued": sub = .autoRestart
        case "exited": sub = .exited
        default: sub = .other
        }
        result = Self.results[facts.result] ?? .other
        end = ProcessEnd(code: facts.mainCode, status: facts.mainStatus)
        mainPID = facts.mainPID
        job = facts.job == 0 ? .none : Self.jobs[facts.jobType] ?? .unknown
        isOneshot = facts.type == "oneshot"
        mayRestart = !["", "no"].contains(facts.restart)
        isFileThere = facts.loadState != "not-found"
        isMasked = facts.loadState == "masked"
    }

    private static let active: [String: ActiveState] = [
        "active": .active, "reloading": .reloading, "inactive": .inactive, "failed": .failed,
        "activating": .activating, "deactivating": .deactivating,
    ]

    private static let jobs: [String: UnitJob] = [
        "start": .start, "verify-active": .other, "reload": .other, "reload-or-start": .other, "nop": .other,
        "stop": .stop, "restart": .restart, "try-restart": .restart,
    ]

    private static let results: [String: UnitResult] = [
        "": .success, "success": .success, "exit-code": .exitCode, "signal": .signal, "core-dump": .coreDump,
        "watchdog": .watchdog, "oom-kill": .oomKill, "start-limit-hit": .startLimit,
    ]
}

extension InvocationID {
    /// An id of the bytes that the manager sends; none if there are not 16.
    init(_ bytes: [UInt8]) {
        guard bytes.count == 16 else {
            self = .none
            return
        }
        let halves = [bytes[..<8], bytes[8...]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: halves[0], low: halves[1])
    }
}

extension ProcessEnd {
    /// What `ExecMainCode` and `ExecMainStatus` mean: the codes are those of `waitid`.
    init(code: Int32, status: Int32) {
        let number = UInt8(truncatingIfNeeded: status)
        switch code {
        case 1: self = .exited(number)
        case 2: self = .killed(number)
        case 3: self = .dumped(number)
        default: self = .none
        }
    }
}

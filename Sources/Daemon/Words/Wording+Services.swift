internal import CausalClock
internal import FailureDetection
internal import Records
internal import Services

/// What services do, in words.
extension Wording {
    /// What has changed: `db3/postgres has failed (proved): signal 9 ended it`.
    static func sentence(_ change: ServiceChange, of service: ServiceName, on host: HostID) -> String {
        let status = change.after
        let text = sentence(
            status.state, EndCause(status.cause, status.detail), status.certainty, of: "\(host)/\(service)")
        guard let restart = change.restart else { return text }
        let away = restart.started - restart.ended
        // An end that was not noticed took no time that could be named.
        let time = away > .zero ? "after \(duration(away)) " : ""
        return "\(text) again \(time)(generation \(restart.generation))"
    }

    /// What a service does.
    static func sentence(
        _ state: ServiceState, _ end: EndCause, _ certainty: Certainty, of name: String
    ) -> String {
        let proved = certainty == .proved ? " (proved)" : ""
        let reason = reason(end).map { ": \($0)" } ?? ""
        switch state {
        case .up: return "\(name) is up\(reason)"
        case .starting: return "\(name) is starting"
        case .reloading: return "\(name) is reloading its configuration"
        case .stopping: return "\(name) is stopping\(reason)"
        case .stopped: return "\(name) is stopped\(reason)"
        case .down:
            return "\(name) is down\(proved): "
                + (self.reason(end) ?? "its main process has ended, the cause is to follow")
        case .failed: return "\(name) has failed\(proved)\(reason)"
        case .hung: return "\(name) is hung\(reason)"
        case .restarting: return "\(name) has ended and is being restarted\(proved)\(reason)"
        case .unknown where end.detail == .statusUnknown:
            return "nothing is known of \(name): the service manager there cannot say what it does"
        case .unknown: return "nothing is known of \(name)"
        }
    }

    /// Why a service is in its state; `nil` when nothing is to be explained.
    static func reason(_ end: EndCause) -> String? {
        let detail = detail(end.detail)
        switch end.cause {
        case .none: return detail
        case .exit where end.detail == .statusUnknown: return "its processes have ended, how is not known"
        case .exit: return "its main process exited" + (detail.map { ", \($0)" } ?? "")
        case .signal: return (detail ?? "a signal") + " ended it"
        case .core: return (detail ?? "a signal") + " ended it, and its memory was dumped"
        case .oom: return "memory ran out"
        case .watchdog: return "its keep-alive messages to the service manager stopped (WatchdogSec=)"
        case .startLimit: return "it was started too often" + (detail.map { ", at last with \($0)" } ?? "")
        case .frozen: return "its cgroup is frozen"
        case .planned: return "as planned"
        case .progress: return "it has made no call of Alive within its time limit"
        }
    }

    /// What is known beside the cause; `nil` for nothing.
    static func detail(_ detail: ServiceDetail) -> String? {
        switch detail {
        case .none: nil
        case .status(let status): "status \(status)"
        case .signal(let signal): "signal \(signal)"
        case .statusUnknown: "status unknown"
        case .childKilled: "a child process was killed because memory ran out"
        case .startsOnDemand: "idle, starts on demand"
        }
    }

    /// A unit that something is to be said of.
    struct FoundUnit {
        /// Its name.
        let name: String
        /// The error that the service manager answers with when it is asked about the unit; empty for none.
        let answer: String
    }

    /// What a list shows beside state and cause; empty for nothing.
    static func shown(_ state: ServiceState, _ detail: ServiceDetail) -> String {
        state == .unknown ? unknown(detail) : self.detail(detail) ?? ""
    }

    /// What an administrator has to know beside the state, with what to do; `nil` for what only `why` shows.
    static func finding(_ finding: ServiceFinding, _ found: FoundUnit) -> String? {
        let unit = found.name
        return switch finding {
        case .unreadable:
            "the service manager cannot say what \(unit) does (\(found.answer)); correct the file of the unit, see \"systemctl status \(unit)\", then run \"systemctl daemon-reload\""
        case .noSuchUnit:
            "there is no unit \(unit) on this host; compare it with \"systemctl list-units --all\", and correct unit or hosts"
        case .masked: "its unit \(unit) is masked; \"systemctl unmask \(unit)\" lets it start again"
        case .fileGone:
            "its unit \(unit) is active, and its file is gone; install it again, or stop the unit"
        case .noManager, .noMemoryEvents, .noProgressCall: nil
        }
    }

    /// Why nothing is known of a service whose host is heard, for its line in a list.
    static func unknown(_ detail: ServiceDetail) -> String {
        detail == .none
            ? "no such unit there, or it is masked" : "the service manager there cannot say"
    }

    /// The same for `why`.
    static func shortFinding(_ finding: ServiceFinding, _ found: FoundUnit) -> String {
        switch finding {
        case .noManager: "the service manager cannot be asked"
        case .noMemoryEvents:
            "the kernel does not report when memory runs out in its cgroup (MemoryAccounting=)"
        case .noProgressCall: "no call of Alive since it was started, so that it cannot be called hung"
        case .unreadable, .noSuchUnit, .masked, .fileGone: self.finding(finding, found) ?? ""
        }
    }
}

internal import FailureDetection
internal import Services

/// What each layer of evidence says of a service, in words.
extension Wording {
    /// What one layer says.
    static func layer(_ word: LayerWord, unit: String) -> String {
        switch word {
        case .processRuns(let pid): "its main process \(pid) runs"
        case .processEnded(let ago): "it ended \(duration(ago)) ago, as the kernel reports"
        case .noProcess: "no main process is known"
        case .manager(let active, let job): "\(unit) is \(name(active))\(name(job))"
        case .notLoaded: "\(unit) is not loaded"
        case .nothing: "nothing has been said of \(unit) yet"
        case .frozen: "its processes are frozen"
        case .notFrozen: "it has processes, and they are not frozen"
        case .progress(let left, let limit): progress(left: left, limit: limit)
        }
    }

    private static func progress(left: TimeSpan?, limit: TimeSpan) -> String {
        guard let left else {
            return "no call of Alive since it was started; the limit is \(duration(limit))"
        }
        return left > .zero
            ? "the next call of Alive is due within \(duration(left)); the limit is \(duration(limit))"
            : "a call of Alive has been due for \(duration(.zero - left)); the limit is \(duration(limit))"
    }

    private static func name(_ active: ActiveState) -> String {
        switch active {
        case .active: "active"
        case .reloading: "reloading"
        case .inactive: "inactive"
        case .failed: "failed"
        case .activating: "activating"
        case .deactivating: "deactivating"
        }
    }

    private static func name(_ job: UnitJob) -> String {
        switch job {
        case .none: ""
        case .start: ", with a job that starts it"
        case .other: ", with a job that does not end it"
        case .stop: ", with a job that stops it"
        case .restart: ", with a job that restarts it"
        case .unknown: ", with a job"
        }
    }
}

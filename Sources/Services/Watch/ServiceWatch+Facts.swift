internal import FailureDetection

/// How facts are taken in; no state is derived here.
extension ServiceWatch {
    mutating func take(_ input: ServiceInput, at now: Instant) {
        switch input {
        case .exited(let pid, let invocation): noteExit(of: pid, in: invocation, at: now)
        case .properties(let properties): note(properties, at: now)
        case .notLoaded(let file): noteNotLoaded(file)
        case .manager(let isReachable): managerLostAt = isReachable ? nil : managerLostAt ?? now
        case .cgroup(let isPopulated, let isFrozen, let invocation):
            guard invocation == self.invocation else { return }
            isCgroupSeen = true
            self.isFrozen = isFrozen && isPopulated
            if !isPopulated { noteEmpty(at: now) }
        case .oomKill(let invocation):
            if invocation == self.invocation { oomAt = now }
        case .noMemoryEvents: hasMemoryEvents = false
        case .alive(let within): progress.noteCall(within: within, at: now)
        case .paused(let length): progress.notePause(of: length, at: now)
        }
    }

    /// An exit counts if it is of the main process, and of one that is not meant to end.
    private mutating func noteExit(of pid: UInt32, in invocation: InvocationID, at now: Instant) {
        guard invocation == self.invocation, endedAt == nil, !isMeantToEnd else { return }
        if let main = properties?.mainPID, main != 0, main != pid { return }
        endedAt = now
    }

    /// An empty cgroup counts while the service is active: between two commands of a start it is empty, too.
    private mutating func noteEmpty(at now: Instant) {
        guard let properties, endedAt == nil, !isMeantToEnd else { return }
        if properties.active == .active || properties.active == .reloading { endedAt = now }
    }

    private var isMeantToEnd: Bool {
        guard let properties else { return false }
        return properties.isOneshot || properties.sub == .exited
    }

    private mutating func noteNotLoaded(_ file: UnitFile) {
        // What was loaded once is known to exist: it was collected when it stopped.
        if file == .notAsked, properties == nil, unloaded != nil { return }
        unloaded = file
        // What cannot be read may well run.
        guard file != .unreadable else { return }
        heldSince = nil
        hasComeToRest = true
    }

    private mutating func note(_ properties: UnitProperties, at now: Instant) {
        managerLostAt = nil
        // What is said of an activation that another has followed is outdated: one never comes back.
        guard !left.contains(properties.invocation) else { return }
        let former = self.properties
        unloaded = nil
        if properties.invocation != .none, properties.invocation != invocation {
            begin(properties.invocation, at: now)
        }
        self.properties = properties
        // What remains active after the end of its processes is meant to.
        if properties.sub == .exited { endedAt = nil }
        if endedAt != nil, let former, properties.mainPID != 0, properties.mainPID != former.mainPID {
            // The service has given itself another main process, and lost the former one.
            endedAt = nil
        }
        if properties.active == .activating, properties.sub == .autoRestart {
            awaitsRestart = true
            hasComeToRest = false
        }
        noteJob(properties)
        noteEnd(properties, at: now)
    }

    /// Planned is an end that a job asked for, between the last time without one and the end.
    private mutating func noteJob(_ properties: UnitProperties) {
        let isRunning = properties.active == .active || properties.active == .reloading
        isBeingStarted = properties.job == .start && (isBeingStarted || !wasActive)
        if isRunning { wasActive = true }
        if isStop(properties.job), wasActive || properties.active == .deactivating {
            isPlanned = true
        } else if isRestart(properties) {
            isPlanned = true
        } else if isRunning, properties.job == .none, endedAt == nil {
            isPlanned = false
        }
    }

    /// Whether a job asks for an end.
    ///
    /// The restart that the manager does on its own is a job, too.
    private func isStop(_ job: UnitJob) -> Bool {
        switch job {
        case .stop: true
        case .restart, .unknown: !awaitsRestart
        case .none, .start, .other: false
        }
    }

    /// Whether a job that starts the unit ends it before.
    ///
    /// The manager makes the job of a restart one of a start as soon as the unit has stopped, under the same number: asked
    /// for late its type is that one. Without a restart no start is asked of what runs.
    private func isRestart(_ properties: UnitProperties) -> Bool {
        guard properties.job == .start, !isBeingStarted, !awaitsRestart else { return false }
        switch properties.active {
        case .active, .reloading: return true
        case .deactivating: return properties.result == .success && properties.end == .none
        case .inactive, .failed, .activating: return false
        }
    }

    private mutating func noteEnd(_ properties: UnitProperties, at now: Instant) {
        let isOver = properties.active == .inactive || properties.active == .failed
        if isOver, properties.job == .none {
            hasComeToRest = true
            formerEnd = awaitsRestart ? formerEnd : nil
        }
        let isAbandoned = properties.active == .inactive && awaitsRestart && properties.job == .none
        heldSince = properties.active == .failed || isAbandoned ? heldSince ?? now : nil
    }
}

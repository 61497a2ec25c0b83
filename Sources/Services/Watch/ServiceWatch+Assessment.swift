package import FailureDetection
internal import Records

/// What the facts come to. Nothing is changed here.
extension ServiceWatch {
    /// A state with its reason.
    struct Assessment {
        var state: ServiceState
        var end = EndCause.nothing
        var certainty = Certainty.suspected
    }

    /// What the facts come to at `now`.
    func assessment(at now: Instant) -> Assessment {
        let found = toldAssessment(at: now)
        return isOutdated(found.state, at: now) ? Self.untold : found
    }

    /// Whether a state that others follow without a job is older than is believed without the manager.
    private func isOutdated(_ state: ServiceState, at now: Instant) -> Bool {
        guard let deadline = outdatedAt, deadline <= now else { return false }
        switch state {
        case .down, .starting, .stopping, .restarting: return true
        case .up, .reloading, .hung, .stopped, .failed, .unknown: return heldSince != nil && isHeldForGood
        }
    }

    /// When what the manager said last is not believed any more; `nil` while it can be asked.
    private var outdatedAt: Instant? {
        managerLostAt.map { max($0, endedAt ?? $0) + Self.managerPatience }
    }

    /// Whether the manager was lost before it showed that it does not start again what ended.
    private var isHeldForGood: Bool {
        guard let heldSince, let managerLostAt, properties?.mayRestart ?? false else { return false }
        return managerLostAt < heldSince + failureHold
    }

    private func toldAssessment(at now: Instant) -> Assessment {
        guard unloaded == nil else { return notLoaded }
        guard let properties else {
            return isManagerReachable ? Assessment(state: .unknown) : Self.untold
        }
        switch properties.active {
        case .active: return endedAt == nil ? running(.up, at: now) : unconfirmed
        case .reloading: return endedAt == nil ? running(.reloading, at: now) : unconfirmed
        case .activating where properties.sub == .autoRestart: return restarting(properties)
        case .activating: return endedAt == nil ? Assessment(state: .starting) : ended
        case .deactivating: return stopping(properties)
        case .inactive: return inactive(properties, at: now)
        case .failed: return failed(properties, at: now)
        }
    }

    /// Whether the service could make progress: it is active and not frozen.
    var isProgressExpected: Bool {
        properties?.active == .active && endedAt == nil && !isFrozen && unloaded == nil
    }

    private func running(_ state: ServiceState, at now: Instant) -> Assessment {
        if isFrozen { return Assessment(state: .hung, end: EndCause(.frozen)) }
        if state == .up, progress.isOverdue(at: now) {
            return Assessment(state: .hung, end: EndCause(.progress))
        }
        let isChildKilled = oomAt.map { $0 + Self.oomWindow <= now } ?? false
        return Assessment(state: state, end: EndCause(.none, isChildKilled ? .childKilled : .none))
    }

    /// It has ended while the manager calls it active: its job may be known before.
    private var unconfirmed: Assessment {
        isPlanned ? Assessment(state: .stopping, end: EndCause(.planned)) : ended
    }

    /// It has ended, and the manager has not said so yet: how it ended, and whether it is started again, is not known.
    private var ended: Assessment {
        Assessment(state: .down, end: isOutOfMemory ? EndCause(.oom) : .nothing, certainty: .proved)
    }

    /// It is being stopped: by a job, or because the manager ends what is left of it.
    private func stopping(_ properties: UnitProperties) -> Assessment {
        if isPlanned { return Assessment(state: .stopping, end: EndCause(.planned)) }
        guard properties.result == .success else {
            var end = EndCause(failureIn: properties, isOutOfMemory: isOutOfMemory)
            if properties.end == .none { end.detail = .none }
            return Assessment(
                state: endedAt == nil ? .stopping : .down, end: end, certainty: kernelCertainty)
        }
        if properties.end != .none { return Assessment(state: .stopping, end: EndCause(of: properties.end)) }
        return endedAt == nil ? Assessment(state: .stopping) : ended
    }

    private func inactive(_ properties: UnitProperties, at now: Instant) -> Assessment {
        if isNewActivation(properties) { return Assessment(state: .starting) }
        if properties.isStartedBySocket {
            return Assessment(state: .up, end: EndCause(.none, .startsOnDemand))
        }
        if isPlanned { return Assessment(state: .stopped, end: EndCause(.planned)) }
        guard wasActive || awaitsRestart else { return Assessment(state: .stopped) }
        if awaitsRestart {
            // Only a job can keep the manager from starting it again, unless `failed` follows.
            let isHeld = heldSince.map { $0 + failureHold > now || isHeldForGood } ?? true
            return isHeld ? restarting(properties) : Assessment(state: .stopped, end: EndCause(.planned))
        }
        let end = EndCause(of: properties.end)
        // Without a main process nothing says how it ended, and no job asked for it.
        let isUnexplained = end == .unknownExit && !properties.isOneshot
        return Assessment(state: isUnexplained ? .failed : .stopped, end: end, certainty: kernelCertainty)
    }

    private func failed(_ properties: UnitProperties, at now: Instant) -> Assessment {
        if isNewActivation(properties) { return Assessment(state: .starting) }
        if let since = heldSince, since + failureHold > now || isHeldForGood {
            return endedAt == nil ? held : heldAfterEnd
        }
        var end = EndCause(failureIn: properties, isOutOfMemory: isOutOfMemory)
        if awaitsRestart { end.cause = .startLimit }
        return Assessment(state: .failed, end: end, certainty: kernelCertainty)
    }

    /// For how long a failure is held back.
    private var failureHold: TimeSpan {
        properties?.mayRestart ?? false ? Self.restartHold : Self.failureHold
    }

    /// What was said before, until it shows whether the manager starts the unit again.
    private var held: Assessment {
        Assessment(
            state: status.state, end: EndCause(status.cause, status.detail), certainty: status.certainty)
    }

    /// The same where the kernel has reported the end: what was said before, if it accounts for an end.
    private var heldAfterEnd: Assessment {
        switch status.state {
        case .down, .failed, .restarting, .stopped, .unknown: return held
        case .stopping: return Assessment(state: .down, end: EndCause(status.cause), certainty: .proved)
        case .up, .starting, .reloading, .hung: return ended
        }
    }

    private func restarting(_ properties: UnitProperties) -> Assessment {
        let end = EndCause(failureIn: properties, isOutOfMemory: isOutOfMemory)
        return Assessment(state: .restarting, end: end, certainty: kernelCertainty)
    }

    /// Whether a job is starting an activation that has not been active yet.
    private func isNewActivation(_ properties: UnitProperties) -> Bool {
        properties.job != .none && properties.invocation != .none && !wasActive && !awaitsRestart
            && endedAt == nil && (properties.active != .failed || isLeftOver(properties))
    }

    /// Whether `failed` is left over from the activation before: this one has a main process, or is about to have.
    private func isLeftOver(_ properties: UnitProperties) -> Bool {
        properties.mainPID != 0 || properties.job == .start
    }

    /// The service manager does not say what the service does; where there is no unit the detail is another.
    private static var untold: Assessment {
        Assessment(state: .unknown, end: EndCause(.none, .statusUnknown))
    }

    /// The unit is not loaded: it was collected when it stopped, or nothing is known of it.
    private var notLoaded: Assessment {
        switch unloaded {
        case .unreadable: return Self.untold
        case .missing where properties == nil, .masked where properties == nil:
            return Assessment(state: .unknown)
        // One that was loaded for its file has stopped, also where it never ran: a socket had it loaded.
        case .notAsked where invocation == .none && !(properties?.isFileThere ?? false):
            return Assessment(state: .unknown)
        default: break
        }
        if isPlanned { return Assessment(state: .stopped, end: EndCause(.planned)) }
        guard wasActive || endedAt != nil else { return Assessment(state: .stopped) }
        let end = properties.map { EndCause(of: $0.end) } ?? .unknownExit
        return Assessment(state: .stopped, end: end, certainty: kernelCertainty)
    }

    /// What the kernel reported is proved; what only the manager says is not.
    private var kernelCertainty: Certainty { endedAt == nil ? .suspected : .proved }

    /// Whether the kernel ended a process for lack of memory when the service ended.
    private var isOutOfMemory: Bool {
        guard let oomAt else { return false }
        guard let endedAt = endedAt ?? heldSince else { return false }
        return endedAt - oomAt <= Self.oomWindow
    }

    /// When the state has to be derived anew, seen from `now`; never if only news can change it.
    package var nextDeadline: Instant {
        var deadlines = [progress.nextDeadline]
        if let heldSince { deadlines.append(heldSince + failureHold) }
        if let outdatedAt { deadlines.append(outdatedAt) }
        if let oomAt { deadlines.append(oomAt + Self.oomWindow) }
        return deadlines.filter { $0 > settledAt }.min() ?? .never
    }

    /// What an administrator has to know beside the state, in a fixed order.
    package var findings: [ServiceFinding] {
        var findings: [ServiceFinding] = []
        if unloaded == .missing { findings.append(.noSuchUnit) }
        if unloaded == .unreadable { findings.append(.unreadable) }
        if unloaded == .masked || (properties?.isMasked ?? false) { findings.append(.masked) }
        if unloaded == nil, let properties, !properties.isFileThere { findings.append(.fileGone) }
        if !isManagerReachable { findings.append(.noManager) }
        if !hasMemoryEvents { findings.append(.noMemoryEvents) }
        if progress.limit != nil, !progress.hasBegun, status.state == .up { findings.append(.noProgressCall) }
        return findings
    }
}

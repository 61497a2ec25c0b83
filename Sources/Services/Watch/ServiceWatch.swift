package import FailureDetection
internal import Records

/// What one service does, from what the kernel, the service manager and the service itself report.
///
/// The kernel says *that*, the manager says *why*. When the main process has ended the service is `down`, and that is
/// reported immediately; the manager's next word replaces it, and nothing else does. Facts are kept as they come, and the state is derived
/// from all of them after each; so the order in which the layers report the same thing matters only for what is known
/// meanwhile. When layers disagree, an exit outweighs an empty cgroup, that the manager, and that the progress calls;
/// a later activation outweighs all.
///
/// Invariant: an end, a frozen cgroup and a kill for lack of memory are of the present activation.
package struct ServiceWatch: Sendable {
    /// How long a `failed` of the manager waits, because `auto-restart` follows it when it restarts the unit.
    package static let failureHold = TimeSpan.milliseconds(5)
    /// The same for a unit that the manager may start again, whose `failed` is mostly a moment before that: as long as this
    /// host may be late to learn of it under load.
    package static let restartHold = TimeSpan.milliseconds(100)
    /// For how long a state that others follow without a job is believed while the manager cannot be asked: it may have started the
    /// unit again.
    package static let managerPatience = TimeSpan.seconds(10)
    /// How close to an end a kill for lack of memory has to be to count as its cause.
    static let oomWindow = TimeSpan.seconds(1)

    /// What is known.
    package private(set) var status = ServiceStatus()

    var properties: UnitProperties?
    /// What was learnt of the file when the unit was not loaded; `nil` while it is.
    var unloaded: UnitFile?
    /// Since when the manager cannot be asked; `nil` while it can be.
    var managerLostAt: Instant?
    /// Whether the manager can be asked.
    var isManagerReachable: Bool { managerLostAt == nil }
    var hasMemoryEvents = true

    /// The present activation.
    var invocation = InvocationID.none
    /// The activations before it, the latest last.
    private(set) var left: [InvocationID] = []
    private static let leftLimit = 16
    /// When the main process, or the last process, of the present activation ended.
    var endedAt: Instant?
    var isFrozen = false
    var oomAt: Instant?
    var progress: ProgressClock

    /// Whether the present activation was seen active.
    var wasActive = false
    /// Whether a job asked for the end of the present activation.
    var isPlanned = false
    /// Whether a job has started the present activation and is not done: it is no job of a restart.
    var isBeingStarted = false
    /// Whether the manager was going to start it again.
    var awaitsRestart = false
    /// Whether the present activation is over, and nothing was going to start another: what comes then is a start, and
    /// no restart.
    var hasComeToRest = false
    /// Since when the manager's word is one that it may take back within moments.
    var heldSince: Instant?
    /// When the state was last derived: deadlines up to then are taken into account.
    var settledAt = Instant(nanoseconds: .min)
    /// What the process before knew of it, until anything is known.
    private var former: ServiceMemory?
    /// Whether its cgroup has been seen in this activation.
    var isCgroupSeen = false
    /// The end of the generation before, until this one is up.
    var formerEnd: Instant?

    /// The watch of a service of which nothing is known yet.
    ///
    /// - Parameters:
    ///   - hungAfter: how long it may make no call of `Alive`; `nil` when it makes none.
    ///   - memory: what the process before knew of it.
    ///   - beginning: since when it is watched.
    package init(
        hungAfter: TimeSpan? = nil, memory: ServiceMemory? = nil,
        at beginning: Instant = Instant(nanoseconds: 0)
    ) {
        progress = ProgressClock(limit: hungAfter)
        status.since = beginning
        guard let memory else { return }
        invocation = memory.invocation
        status.generation = memory.generation
        status.restarts = memory.restarts
        wasActive = memory.wasActive
        former = memory
        if let given = memory.given { progress.resume(given, isOverdue: memory.isOverdue, at: beginning) }
    }

    /// Takes another time limit for calls of `Alive`; what is known stays known.
    ///
    /// - Returns: what has changed by it: a shorter limit may have run out already, and a service that hung by the former
    ///   one may not hang by this.
    package mutating func setHungAfter(_ limit: TimeSpan?, at now: Instant) -> ServiceChange? {
        let before = status
        progress.setLimit(limit)
        return settle(before, at: now)
    }

    /// What the next process has to know of it.
    package var memory: ServiceMemory {
        var memory = ServiceMemory(
            invocation: invocation, generation: status.generation, restarts: status.restarts,
            wasActive: wasActive && !hasComeToRest && endedAt == nil)
        (memory.state, memory.since) = (status.state, status.since)
        memory.given = progress.hasBegun ? progress.given : nil
        memory.isOverdue = status.state == .hung && status.cause == .progress
        return memory
    }

    /// Takes what was learnt.
    ///
    /// - Returns: what has changed by it; `nil` if nothing has.
    package mutating func handle(_ input: ServiceInput, at now: Instant) -> ServiceChange? {
        let before = status
        take(input, at: now)
        return settle(before, at: now)
    }

    /// Derives the state anew, when `nextDeadline` has come.
    ///
    /// - Returns: what has changed; `nil` if nothing has.
    package mutating func wake(at now: Instant) -> ServiceChange? { settle(status, at: now) }

    private mutating func settle(_ before: ServiceStatus, at now: Instant) -> ServiceChange? {
        settledAt = now
        progress.setRunning(isProgressExpected, at: now)
        let found = assessment(at: now)
        if found.state != status.state { status.since = beginning(of: found.state, at: now) }
        status.state = found.state
        status.cause = found.end.cause
        status.detail = found.end.detail
        status.certainty = found.certainty
        let restart = takeRestart(at: now)
        assert(violatedInvariant == nil, violatedInvariant ?? "")
        guard status != before || restart != nil else { return nil }
        return ServiceChange(before: before, after: status, restart: restart)
    }

    /// Since when it is in a state: where the process before saw the same state of the same activation, since then.
    private mutating func beginning(of state: ServiceState, at now: Instant) -> Instant {
        guard let known = former else { return now }
        former = nil
        return known.state == state && known.invocation == invocation && known.since <= now
            ? known.since : now
    }

    /// The restart that is complete, once.
    private mutating func takeRestart(at now: Instant) -> ServiceRestart? {
        guard let ended = formerEnd, status.state == .up else { return nil }
        formerEnd = nil
        return ServiceRestart(generation: status.generation, ended: ended, started: now)
    }

    /// Counts an activation, and forgets what was true of the one before.
    mutating func begin(_ invocation: InvocationID, at now: Instant) {
        status.generation += 1
        if wasActive || awaitsRestart || formerEnd != nil, !hasComeToRest {
            if !isPlanned { status.restarts += 1 }
            formerEnd = formerEnd ?? endedAt ?? (wasRunning ? now : status.since)
        }
        if self.invocation != .none { left = left.suffix(Self.leftLimit - 1) + [self.invocation] }
        self.invocation = invocation
        (endedAt, oomAt, heldSince) = (nil, nil, nil)
        (isFrozen, wasActive, isPlanned, awaitsRestart) = (false, false, false, false)
        hasComeToRest = false
        (hasMemoryEvents, isCgroupSeen) = (true, false)
        progress.restart()
    }

    /// Whether the end of the activation before was not noticed.
    private var wasRunning: Bool {
        switch status.state {
        case .up, .reloading, .hung, .unknown: true
        case .starting, .stopping, .stopped, .down, .failed, .restarting: false
        }
    }

    /// The first invariant that does not hold, in words; `nil` while all do.
    package var violatedInvariant: String? {
        if heldSince != nil, properties?.active != .failed, properties?.active != .inactive {
            return "a hold without the manager's word"
        }
        if progress.given == nil, progress.hasBegun { return "a progress clock without a time" }
        if status.state == .up, endedAt != nil, properties?.sub != .exited, !(properties?.isOneshot ?? false),
            !(properties?.isStartedBySocket ?? false)
        {
            return "up after its end"
        }
        return nil
    }
}

package import FailureDetection

/// What can be learnt of a service, from its four layers of evidence.
package enum ServiceInput: Sendable, BitwiseCopyable, Hashable {
    /// Layer 1: the main process of an activation has ended; its pidfd is readable.
    case exited(pid: UInt32, of: InvocationID)
    /// Layer 2: the service manager's word.
    case properties(UnitProperties)
    /// Layer 2: the unit is not loaded; and its file, if that was asked.
    case notLoaded(UnitFile)
    /// Layer 2: the service manager can, or cannot, be asked.
    case manager(isReachable: Bool)
    /// Layer 3: processes in the cgroup of an activation, and whether they are frozen.
    case cgroup(isPopulated: Bool, isFrozen: Bool, of: InvocationID)
    /// Layer 3: the kernel ended a process in the cgroup of an activation, because memory ran out.
    case oomKill(of: InvocationID)
    /// Layer 3: the files of the cgroup are not all there; the memory controller may be off.
    case noMemoryEvents
    /// Layer 4: a process of the service has called `Alive`, and named the time until its next call if it is not the one
    /// that is configured.
    case alive(within: TimeSpan?)
    /// This daemon was paused for so long, and could take no call meanwhile.
    case paused(for: TimeSpan)
}

/// What is known of the file of a unit that is not loaded.
package enum UnitFile: Sendable, BitwiseCopyable, Hashable {
    /// It was not asked for, because the unit was loaded before.
    case notAsked
    /// It is there.
    case there
    /// There is none of that name.
    case missing
    /// It is masked.
    case masked
    /// The service manager cannot say: its answer is an error.
    case unreadable
}

/// What an administrator has to know beside the state.
package enum ServiceFinding: String, Sendable, BitwiseCopyable, CaseIterable {
    /// There is no unit of that name.
    case noSuchUnit
    /// The service manager answers with an error when it is asked about the unit.
    case unreadable
    /// The unit is masked.
    case masked
    /// The unit is active although its file is gone.
    case fileGone
    /// The service manager cannot be asked: only exits and the cgroup are seen.
    case noManager
    /// The kernel does not report for this cgroup that memory ran out.
    case noMemoryEvents
    /// No process of the service has called `Alive` since it was started, so that it cannot be called hung.
    case noProgressCall
}

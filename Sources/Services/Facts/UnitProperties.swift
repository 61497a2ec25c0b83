/// One activation of a unit: the service manager gives each its own number.
package struct InvocationID: Sendable, BitwiseCopyable, Hashable {
    /// The first eight bytes, most significant first.
    package let high: UInt64
    /// The last eight bytes.
    package let low: UInt64

    /// An id of its 16 bytes.
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// What a unit has that was never activated.
    package static let none = InvocationID(high: 0, low: 0)
}

/// `ActiveState` of a unit.
package enum ActiveState: Sendable, BitwiseCopyable, Hashable {
    /// It runs; the states of later service managers that mean this are counted here (`maintenance`, `refreshing`).
    case active
    /// It reads its configuration again.
    case reloading
    /// It does not run.
    case inactive
    /// It has failed.
    case failed
    /// It is being started, or waits to be.
    case activating
    /// It is being stopped.
    case deactivating
}

/// `SubState` of a service, as far as it matters.
package enum SubState: Sendable, BitwiseCopyable, Hashable {
    /// It waits to be started again after a failure.
    case autoRestart
    /// Its processes have ended, and it counts as active: a oneshot service with `RemainAfterExit`.
    case exited
    /// Any other.
    case other
}

/// `Result` of a service: how its last activation ended.
package enum UnitResult: Sendable, BitwiseCopyable, Hashable {
    /// Nothing is wrong, or nothing has ended yet.
    case success
    /// The main process exited with a status that counts as a failure.
    case exitCode
    /// A signal ended the main process.
    case signal
    /// A signal ended the main process, and it dumped its memory.
    case coreDump
    /// The keep-alive calls stopped.
    case watchdog
    /// Memory ran out.
    case oomKill
    /// It was started too often.
    case startLimit
    /// Any other: a timeout, missing resources, a violated protocol.
    case other
}

/// The job that waits or runs for a unit.
package enum UnitJob: Sendable, BitwiseCopyable, Hashable {
    /// There is none.
    case none
    /// It starts the unit. For one that runs that is the second half of a restart, whose job becomes one of this type.
    case start
    /// It has the unit read its configuration again, or does nothing: no reason for an end.
    case other
    /// It stops the unit.
    case stop
    /// It restarts the unit: because of an operator, or because of the unit's own `Restart=`.
    case restart
    /// Its type is not known.
    case unknown
}

/// How the main process ended: `ExecMainCode` and `ExecMainStatus`.
package enum ProcessEnd: Sendable, BitwiseCopyable, Hashable {
    /// It has not, or the service manager does not know.
    case none
    /// It exited with this status.
    case exited(UInt8)
    /// This signal ended it.
    case killed(UInt8)
    /// This signal ended it, and it dumped its memory.
    case dumped(UInt8)
}

/// The properties of a unit and its service, as one message of the service manager carries all of them.
///
/// For each change two messages come, one for each interface; the second is acted on.
package struct UnitProperties: Sendable, BitwiseCopyable, Hashable {
    /// Whether it runs.
    package var active: ActiveState
    /// The same in more detail.
    package var sub = SubState.other
    /// How the last activation ended.
    package var result = UnitResult.success
    /// How its main process ended.
    package var end = ProcessEnd.none
    /// Its main process; 0 when it has none.
    package var mainPID: UInt32 = 0
    /// Its latest activation.
    package var invocation: InvocationID
    /// Its job.
    package var job = UnitJob.none
    /// Whether its processes are meant to end: `Type=oneshot`.
    package var isOneshot = false
    /// Whether the manager starts it again after some ends: `Restart` is not `no`.
    package var mayRestart = false
    /// Whether its file is there: `LoadState` is not `not-found`.
    package var isFileThere = true
    /// Whether its file is masked.
    package var isMasked = false
    /// Whether an active socket starts it when it is used.
    package var isStartedBySocket = false

    /// Properties of a unit in a state; the rest is as if nothing were special.
    package init(_ active: ActiveState, invocation: InvocationID) {
        self.active = active
        self.invocation = invocation
    }
}

package import FailureDetection
package import Records

/// What a host knows of one of its services.
package struct ServiceStatus: Sendable, BitwiseCopyable, Hashable {
    /// What it does; `unknown` while nothing is known of it.
    package var state = ServiceState.unknown
    /// Why.
    package var cause = ServiceCause.none
    /// How firmly state and cause are known.
    package var certainty = Certainty.suspected
    /// What is known beside the cause.
    package var detail = ServiceDetail.none
    /// How many activations this incarnation of the daemon has seen.
    package var generation: UInt64 = 0
    /// How many of them followed an end that no job had asked for.
    package var restarts: UInt64 = 0
    /// Since when it has been in that state, as far as was noticed.
    package var since = Instant(nanoseconds: 0)

    init() {}

    /// The value of its record.
    ///
    /// - Parameter microseconds: `since` by the wall clock, in microseconds since 1970.
    /// - Returns: the value, also where nothing is known because there is no such unit.
    package func report(since microseconds: UInt64) -> ServiceFacts {
        ServiceFacts(
            state: state, cause: cause, certainty: certainty, detail: detail, generation: generation,
            restarts: restarts, sinceMicroseconds: microseconds)
    }
}

/// That a service was started again: one event, whether or not its end was noticed.
package struct ServiceRestart: Sendable, BitwiseCopyable, Hashable {
    /// The generation that runs now.
    package let generation: UInt64
    /// When the end of the generation before was noticed.
    package let ended: Instant
    /// When it was noticed that this generation runs.
    package let started: Instant
}

/// What has changed.
package struct ServiceChange: Sendable, BitwiseCopyable, Hashable {
    /// What was known before.
    package let before: ServiceStatus
    /// What is known now.
    package let after: ServiceStatus
    /// The restart that is complete now, if one is.
    package let restart: ServiceRestart?
}

/// What outlives the process of the daemon.
package struct ServiceMemory: Sendable, BitwiseCopyable, Hashable {
    /// The latest activation.
    package var invocation: InvocationID
    /// How many activations were seen.
    package var generation: UInt64
    /// How many of them followed an end that no job had asked for.
    package var restarts: UInt64
    /// Whether that activation was active when it was last seen.
    package var wasActive: Bool
    /// What it did then.
    package var state = ServiceState.unknown
    /// Since when it did that.
    package var since = Instant(nanoseconds: 0)
    /// How much time its last call of `Alive` gave it; `nil` when it has made none.
    package var given: TimeSpan?
    /// Whether that was over.
    package var isOverdue = false

    /// What is remembered of a service.
    package init(invocation: InvocationID, generation: UInt64, restarts: UInt64, wasActive: Bool) {
        self.invocation = invocation
        self.generation = generation
        self.restarts = restarts
        self.wasActive = wasActive
    }
}

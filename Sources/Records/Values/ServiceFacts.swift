package import FailureDetection

/// What is known beside the cause.
package enum ServiceDetail: Sendable, BitwiseCopyable, Hashable {
    /// Nothing.
    case none
    /// The exit status, 0 to 255.
    case status(UInt8)
    /// The number of the signal, 1 to 64.
    case signal(UInt8)
    /// The process ended, and no one has reported with which status.
    case statusUnknown
    /// A process of the service that is not its main one was ended because memory ran out.
    case childKilled
    /// It is idle, and is started when a socket is used.
    case startsOnDemand
}

/// The value of a `service` record: what one host reports of one of its services.
package struct ServiceFacts: Sendable, BitwiseCopyable, Hashable {
    /// What the service does; `unknown` where its host has no such unit, or, with the detail `statusUnknown`, its service
    /// manager does not say.
    ///
    /// Readers show `unknown` of a suspected host, too.
    package var state: ServiceState
    /// Whether the service is no longer configured, so that readers stop listing it; `state` means nothing then.
    package var isGone = false
    /// Why it is in that state.
    package var cause: ServiceCause
    /// How firmly state and cause are known: proved is what the kernel reported.
    package var certainty: Certainty
    /// What is known beside the cause.
    package var detail: ServiceDetail
    /// How many activations of the service this incarnation of the host's daemon has seen.
    package var generation: UInt64
    /// How many of them followed a failure; it only grows within an incarnation, so that no restart is lost when
    /// versions replace each other on their way.
    package var restarts: UInt64
    /// Since when it has been in that state: microseconds since 1970 by its host's wall clock.
    package var sinceMicroseconds: UInt64

    /// Gathers what is reported.
    package init(
        state: ServiceState, cause: ServiceCause = .none, certainty: Certainty = .suspected,
        detail: ServiceDetail = .none, generation: UInt64 = 0, restarts: UInt64 = 0,
        sinceMicroseconds: UInt64 = 0
    ) {
        self.state = state
        self.cause = cause
        self.certainty = certainty
        self.detail = detail
        self.generation = generation
        self.restarts = restarts
        self.sinceMicroseconds = sinceMicroseconds
    }

    /// The report of a service that is no longer configured.
    package static var gone: ServiceFacts {
        var report = ServiceFacts(state: .stopped)
        report.isGone = true
        return report
    }

    /// Whether a reader has to learn of it without any delay: the service has just stopped working.
    package var isFailure: Bool { !isGone && (state == .down || state == .failed) }
}

package import Records

/// Why a service ended, and the detail that goes with it.
package struct EndCause: Sendable, BitwiseCopyable, Hashable {
    /// Why.
    package var cause: ServiceCause
    /// The status or the signal.
    package var detail: ServiceDetail

    /// Pairs a cause with its detail.
    package init(_ cause: ServiceCause, _ detail: ServiceDetail = .none) {
        self.cause = cause
        self.detail = detail
    }

    /// There is nothing to explain, or nothing is known yet.
    static let nothing = EndCause(.none)

    /// An exit of which the status is not known.
    static let unknownExit = EndCause(.exit, .statusUnknown)

    /// What the service manager says of an end that counts as a failure.
    ///
    /// - Parameters:
    ///   - properties: its word.
    ///   - isOutOfMemory: whether the kernel ended a process of the service for lack of memory when it ended.
    package init(failureIn properties: UnitProperties, isOutOfMemory: Bool) {
        let plain = EndCause(of: properties.end)
        switch properties.result {
        case .watchdog: self.init(.watchdog, plain.detail)
        case .oomKill: self.init(.oom, plain.detail)
        case .startLimit: self.init(.startLimit, plain.detail)
        case .coreDump: self.init(.core, plain.detail)
        case .success, .exitCode, .signal, .other:
            let isKilled = plain.detail == .signal(Self.sigkill)
            self = isOutOfMemory && isKilled ? EndCause(.oom, plain.detail) : plain
        }
    }

    /// What the end of the main process says.
    package init(of end: ProcessEnd) {
        switch end {
        case .none: self = .unknownExit
        case .exited(let status): self.init(.exit, .status(status))
        case .killed(let signal): self.init(.signal, .signal(signal))
        case .dumped(let signal): self.init(.core, .signal(signal))
        }
    }

    private static let sigkill: UInt8 = 9
}

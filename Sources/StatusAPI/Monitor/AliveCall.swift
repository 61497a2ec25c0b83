/// The parameters of `Alive`.
package struct AliveParameters: VarlinkParameters, Equatable, Sendable {
    /// The names.
    package static let names = ["service", "withinUSec"]
    /// The times that a call may name, in microseconds: 100 ms to a day, those of `hung_after`.
    package static let times = 100_000...86_400_000_000
    /// The name of the service on this host.
    package var service: String
    /// How long until the next call, in microseconds; `hung_after` where this is absent.
    package var withinUSec: Int?

    /// Says that a service makes progress.
    package init(service: String, withinUSec: Int? = nil) {
        self.service = service
        self.withinUSec = withinUSec
    }
}

/// The parameters of the error `AliveRefused`.
package struct AliveRefusal: Codable, Equatable, Sendable {
    /// Why, and what to do.
    package var reason: String

    /// Refuses a call.
    package init(reason: String) { self.reason = reason }
}

extension MonitorInterface {
    /// The full name of the error for a call of `Alive` that does not count.
    package static let aliveRefusedName = "\(name).AliveRefused"

    /// The error for a call of `Alive` that does not count; the reason says what to do.
    package static func aliveRefused(_ reason: String) -> VarlinkError {
        VarlinkError(aliveRefusedName, AliveRefusal(reason: reason))
    }

    /// The error for a service that is not observed.
    package static func noSuchService(_ service: ServiceParameters) -> VarlinkError {
        VarlinkError(noSuchServiceName, service)
    }
}

extension MonitorProvider where Self: ~Copyable {
    mutating func answerAlive(
        _ call: VarlinkCall, from caller: VarlinkCaller
    ) throws(VarlinkError) -> VarlinkAnswer {
        let parameters = try call.parameters(AliveParameters.self)
        if let time = parameters.withinUSec, !AliveParameters.times.contains(time) {
            throw MonitorInterface.aliveRefused("withinUSec must be 100000 to 86400000000, 100 ms to a day")
        }
        try alive(parameters, from: caller)
        return .reply(NoParameters())
    }
}

package import LinuxIO
package import Records
package import Services

/// What was learnt of units, in order.
package enum UnitNews: Sendable {
    /// Something that a service's state follows from.
    case input(ServiceName, ServiceInput)
    /// The main process of an activation, to be watched by the receiver of this.
    case process(ServiceName, ProcessDescriptor, of: InvocationID)
    /// Where the processes of a service are, below where cgroups are mounted; `nil` when it has none.
    case cgroup(ServiceName, path: String?)
    /// What the service manager answers when it is asked about the unit of a service, where that is an error.
    case refusal(ServiceName, String)
    /// Why the service manager cannot be asked, and what helps; `nil` when it can be again.
    case manager(String?)

    /// The service that it is about; `nil` for what concerns all of them.
    package var service: ServiceName? {
        switch self {
        case .input(let service, _), .process(let service, _, _), .cgroup(let service, _),
            .refusal(let service, _):
            service
        case .manager: nil
        }
    }
}

/// Where the end of a main process is noticed.
package enum ProcessWatching: Sendable {
    /// In `UnitObserver.turn`.
    case here
    /// By the receiver of the news.
    case elsewhere
}

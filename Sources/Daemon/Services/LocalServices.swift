internal import FailureDetection
internal import Records
internal import Services
internal import Synchronization
internal import Systemd

/// What is known of this host's services.
struct LocalServices: Sendable {
    /// What each does.
    var book = ServiceBook()
    /// The unit of each.
    var units: [ServiceName: String] = [:]
    /// Why the service manager cannot be asked; `nil` while it can be.
    var managerFailure: String?
    /// What an administrator has been informed of.
    var reported: [ServiceName: Set<ServiceFinding>] = [:]
    /// What the process before knew of them, until they are configured.
    var memory: [(name: ServiceName, memory: ServiceMemory)] = []
    /// The calls of `Alive` that this turn took, for the next one.
    var calls: [(service: ServiceName, within: TimeSpan?)] = []
    /// Where the processes of each are.
    let cgroups = ServiceCgroups()
    /// Which of their changes are kept in the history.
    var limiter = RateLimiter<ServiceName>(
        burst: 20, interval: .seconds(60), capacity: RecordStore.maximumServices)
}

/// Where the processes of this host's services are: read by the thread that serves the status socket.
final class ServiceCgroups: Sendable {
    private let paths = Mutex<[ServiceName: String]>([:])

    /// Notes where the processes of a service are; `nil` when it has none.
    func set(_ path: String?, of service: ServiceName) { paths.withLock { $0[service] = path } }

    /// Where they are.
    func path(of service: ServiceName) -> String? { paths.withLock { $0[service] } }

    /// Forgets all but these.
    func keep(_ services: [ServiceName]) { paths.withLock { $0 = $0.filter { services.contains($0.key) } } }
}

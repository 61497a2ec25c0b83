internal import CausalClock
internal import FailureDetection
internal import LinuxIO
internal import Records
internal import Services
internal import Synchronization
internal import Systemd
internal import Wire

/// What is known of this host's services, and what was reported of those of others.
struct LocalServices: Sendable {
    /// What each does.
    var book = ServiceBook() { didSet { isUnkept = true } }
    /// Whether more may be known by now than was written down for the next process.
    var isUnkept = false
    /// The unit of each.
    var units: [ServiceName: String] = [:]
    /// How often the units were set, and with which of these times each service got its present unit.
    private(set) var order = 0
    private(set) var ordered: [ServiceName: Int] = [:]
    /// When to try again to observe them; never while they are.
    var retryAt = Instant.never
    /// When to check next which services of other hosts are not reported any more.
    var nextSweep = Instant.never
    /// Those that were not at the last check.
    var missing: Set<RecordKey> = []
    /// Why the service manager cannot be asked; `nil` while it can be.
    var managerFailure: String?
    /// The error with which it answers when it is asked about the unit of a service, as of the last time.
    var refusals: [ServiceName: String] = [:]
    /// What an administrator has been informed of.
    var reported: [ServiceName: Set<ServiceFinding>] = [:]
    /// What the process before knew of them, until they are configured.
    var memory: [(name: ServiceName, unit: String, memory: ServiceMemory)] = []
    /// The calls of `Alive` that this turn took, for the next one.
    var calls: [(service: ServiceName, within: TimeSpan?)] = []
    /// Where the processes of each are.
    let cgroups = ServiceCgroups()
    /// Which changes of services, others' included, are kept in the history.
    var limiter = RateLimiter<String>(burst: 20, interval: .seconds(60), capacity: 1_024)
    /// What was last reported of the services of other hosts.
    var shown: [HostID: [ServiceName: ShownService]] = [:]

    /// How each of these hosts stood then.
    var standings: [HostID: HostStanding] = [:]

    /// How many calls of `Alive` one turn takes at most.
    private static let callLimit = 256

    /// Takes a call of `Alive`.
    mutating func noteCall(of service: ServiceName, within: TimeSpan?) {
        guard units[service] != nil, calls.count < Self.callLimit else { return }
        calls.append((service, within))
    }

    /// Takes the units of the services.
    mutating func set(_ units: [ServiceName: String]) {
        order += 1
        for (name, unit) in units where self.units[name] != unit {
            ordered[name] = order
            cgroups.set(nil, of: name)
            refusals[name] = nil
        }
        ordered = ordered.filter { units[$0.key] != nil }
        refusals = refusals.filter { units[$0.key] != nil }
        self.units = units
    }

    /// What is found of the unit of a service, in words for the administrator.
    func unit(of service: ServiceName) -> Wording.FoundUnit {
        Wording.FoundUnit(name: units[service] ?? "", answer: refusals[service] ?? "")
    }

    /// Whether news of a service is of its present unit.
    func isPresent(_ service: ServiceName, order: Int) -> Bool {
        ordered[service].map { $0 <= order } ?? false
    }
}

/// Where the processes of this host's services are: read by the thread that serves the status socket.
final class ServiceCgroups: Sendable {
    private let paths = Mutex<[ServiceName: String]>([:])

    /// Notes where the processes of a service are; `nil` when it has none.
    func set(_ path: String?, of service: ServiceName) { paths.withLock { $0[service] = path } }

    /// Where they are.
    func path(of service: ServiceName) -> String? { paths.withLock { $0[service] } }

    /// The service that a process is of; `nil` if it is of none.
    func service(of process: UInt32) -> ServiceName? {
        let known = paths.withLock { $0 }
        return known.first { CgroupMembers.contains(process, in: $0.value) }?.key
    }

    /// Forgets all but these.
    func keep(_ services: [ServiceName]) { paths.withLock { $0 = $0.filter { services.contains($0.key) } } }
}

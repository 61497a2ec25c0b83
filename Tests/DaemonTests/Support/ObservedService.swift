import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

/// A folder in place of the service manager: a file for each unit.
final class Units {
    let path: String

    init(in folder: TestFolder) throws { path = try folder.makeFolder("units") }

    /// What the daemon is to find in its environment.
    var environment: [String] { ["SUSPECTD_UNIT_FOLDER=\(path)"] }

    /// Says what a unit does.
    func set(_ unit: String, _ active: String, pid: CInt = 0, _ generation: Int, _ more: String...) throws {
        let lines = ["ActiveState=\(active)", "MainPID=\(pid)", "InvocationID=\(generation)"] + more
        try writeFile(lines.joined(separator: "\n") + "\n", to: "\(path)/.next")
        try #require(rename("\(path)/.next", "\(path)/\(unit)") == 0)
    }

    /// Says that a unit was ended by SIGKILL.
    func setKilled(_ unit: String, _ generation: Int) throws {
        try set(unit, "failed", generation, "Result=signal", "ExecMainCode=2", "ExecMainStatus=9")
    }
}

/// The daemon `a` of a cluster, which observes the service `web`: the unit `web.service`, whose process sleeps.
final class ObservedService {
    /// The lines of its configuration that name the service.
    static let web = "[[service]]\nname = \"web\"\nunit = \"web.service\"\n"

    let cluster: TestCluster
    let units: Units
    /// The process of the service.
    let child: ChildProcess
    /// The daemon's configuration without services.
    let plain: String

    /// Prepares all of it for these hosts, with further lines in the service's table; starts no daemon.
    init(_ ids: [String] = ["a", "b"], more: String = "") throws {
        cluster = try TestCluster(ids)
        units = try Units(in: cluster.folder)
        child = try ChildProcess("/bin/sleep", ["1000"])
        plain = textOfFile(cluster["a"].configuration)
        try units.set("web.service", "active", pid: child.identifier, 1)
        try configure(Self.web + more)
    }

    var daemon: TestDaemon { cluster["a"] }

    /// Writes a configuration with these services, none of them others' or former ones.
    func configure(_ services: String) throws {
        try writeFile(plain + services, to: daemon.configuration)
    }

    /// Has the running daemon take these services.
    func reload(_ services: String) throws {
        try configure(services)
        try daemon.send(SIGHUP)
    }

    /// Starts the daemon, and waits until the service is up.
    func start(environment: [String] = []) throws {
        try daemon.start(environment: units.environment + environment)
        try daemon.await("web", .up)
    }

    /// Starts the other daemons, and waits until these know that it is up.
    func startOthers() throws {
        for other in others { try other.launch() }
        try cluster.becomeTrusting()
        for other in others { try other.await("web", .up) }
    }

    /// The daemons beside the one that observes the service.
    var others: [TestDaemon] { cluster.daemons.filter { $0.id != "a" } }
}

extension TestDaemon {
    func services(of host: String? = nil) throws -> [ServiceReport] {
        try client().call(
            .listServices, ListServicesParameters(host: host), as: ListServicesReply.self
        ).services
    }

    /// What the state of one of its own services rests on.
    func why(service: String) throws -> WhyServiceReply {
        try client().call(
            .whyService, ServiceParameters(host: id, service: service), as: WhyServiceReply.self)
    }

    /// Says that a service makes progress.
    func alive(_ service: String, within: Int? = nil) throws {
        let parameters = AliveParameters(service: service, withinUSec: within)
        _ = try client().call(.alive, parameters, as: NoParameters.self)
    }

    /// Waits until a service is in a state.
    func await(_ service: String, _ state: ReportedServiceState) throws {
        let isThere = try eventually {
            try services().contains { $0.service == service && $0.state == state }
        }
        let found = try services()
        try #require(isThere, "\(service): \(found); \(logText)")
    }
}

import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

/// A folder in place of the service manager: a file for each unit.
private final class Units {
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

extension RealDaemons {
    @Suite("services")
    struct ServiceTests {
        private static let web = "[[service]]\nname = \"web\"\nunit = \"web.service\"\n"

        /// A daemon that observes `web`, whose unit is a file.
        private func observer(_ units: Units, _ cluster: TestCluster) throws -> TestDaemon {
            let daemon = cluster["a"]
            try writeFile(textOfFile(daemon.configuration) + Self.web, to: daemon.configuration)
            try daemon.start(environment: units.environment)
            return daemon
        }

        @Test("a service that is killed is down by the kernel's word, and failed by the manager's")
        func killed() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let daemon = try observer(units, cluster)
            try daemon.await("web", .up)
            try child.send(SIGKILL)
            try daemon.await("web", .down)
            #expect(try daemon.services().first?.certainty == .proved)
            try units.set(
                "web.service", "failed", 1, "Result=signal", "ExecMainCode=2", "ExecMainStatus=9")
            try daemon.await("web", .failed)
            let services = try daemon.services(of: "a")
            let service = try #require(services.first)
            #expect(service.cause == "signal" && service.detail == "signal 9" && service.certainty == .proved)
            #expect(service.id == "a/web" && service.generation == 1 && service.hostState == .trusted)
            let states = try daemon.events(.service).map { $0.state?.rawValue ?? "" }
            #expect(states == ["up", "down", "failed"])
            #expect(daemon.logText.contains("a/web has failed (proved): signal 9 ended it"))
        }

        @Test("without a word of the manager a service that has ended is failed a second later")
        func unexplained() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let daemon = try observer(units, cluster)
            try daemon.await("web", .up)
            try child.send(SIGKILL)
            try daemon.await("web", .failed)
            #expect(try daemon.services().first?.detail == "status unknown")
        }

        @Test("a reload adds services and takes them away, and forgets nothing of those that stay")
        func reload() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            let pid = child.identifier
            try units.set("web.service", "active", pid: pid, 1)
            try units.set("db.service", "active", pid: pid, 5)
            let daemon = cluster["a"]
            let plain = textOfFile(daemon.configuration)
            try daemon.start(environment: units.environment)
            #expect(try daemon.services().isEmpty)
            try writeFile(plain + Self.web, to: daemon.configuration)
            try daemon.send(SIGHUP)
            try daemon.await("web", .up)
            let since = try daemon.services().first?.sinceUSec
            let db = "[[service]]\nname = \"db\"\nunit = \"db.service\"\n"
            try writeFile(plain + Self.web + db, to: daemon.configuration)
            try daemon.send(SIGHUP)
            try daemon.await("db", .up)
            #expect(try daemon.services().map(\.service) == ["db", "web"])
            let later = try daemon.services().last?.sinceUSec
            #expect(abs((later ?? 0) - (since ?? 1)) < 100_000)
            try writeFile(plain + db, to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isGone = try eventually { try daemon.services().map(\.service) == ["db"] }
            #expect(isGone)
            try child.send(SIGKILL)
            try daemon.await("db", .down)
            #expect(try daemon.events(.service).last { $0.service == "web" }?.state == .unknown)
        }

        @Test("a unit that does not exist is named in the journal, with the remedy")
        func missing() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = try observer(try Units(in: cluster.folder), cluster)
            let isNamed = eventually {
                daemon.logText.contains("service web: there is no unit web.service on this host; compare it")
            }
            #expect(isNamed, "\(daemon.logText)")
            #expect(try daemon.services().first?.state == .unknown)
        }

        @Test("a restart that the kernel was too quick to show is an event with both times")
        func restarted() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            let pid = child.identifier
            try units.set("web.service", "active", pid: pid, 1)
            let daemon = try observer(units, cluster)
            try daemon.await("web", .up)
            try units.set("web.service", "active", pid: pid, 2)
            let isCounted = try eventually { try daemon.services().first?.generation == 2 }
            #expect(isCounted)
            let events = try daemon.events(.service)
            let event = try #require(events.last)
            #expect(event.generation == 2 && event.endedUSec != nil && event.state == .up)
        }

        @Test(
            "a service that makes no call in time is hung until the next one, and a call may name its own time"
        )
        func hung() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let daemon = cluster["a"]
            let limited = Self.web + "hung_after = \"300ms\"\n"
            try writeFile(textOfFile(daemon.configuration) + limited, to: daemon.configuration)
            try daemon.start(environment: units.environment)
            try daemon.await("web", .up)
            try daemon.alive("web")
            try daemon.await("web", .hung)
            #expect(try daemon.services().first?.cause == "progress")
            try daemon.alive("web", within: 60_000_000)
            try daemon.await("web", .up)
            let states = try daemon.events(.service).map { $0.state?.rawValue ?? "" }
            #expect(states == ["up", "hung", "up"])
            #expect(throws: StatusClient.Refused.self) { try daemon.alive("nginx") }
        }

        @Test("generations are counted on by the next process, and a service that stays up is no restart")
        func memory() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let manager = try FakeServiceManager("suspectd-services-\(getpid())", watchdogUSec: 60_000_000)
            let environment = units.environment + manager.environment
            let daemon = cluster["a"]
            try writeFile(textOfFile(daemon.configuration) + Self.web, to: daemon.configuration)
            try daemon.start(environment: environment)
            let memory = try daemon.openMemory()
            try daemon.await("web", .up)
            try units.set("web.service", "active", pid: child.identifier, 2)
            let isCounted = try eventually { try daemon.services().first?.generation == 2 }
            #expect(isCounted)
            try daemon.kill()
            // What waits there keeps the sockets open that it carries.
            _ = try manager.takeAll()
            try daemon.resume(memory: memory.raw, environment: environment)
            try daemon.await("web", .up)
            let service = try daemon.services().first
            #expect(service?.generation == 2 && service?.restarts == 1)
        }

        @Test("what a service does is known on every host, and nothing is once its host is suspected")
        func remote() throws {
            let cluster = try TestCluster()
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let daemon = try observer(units, cluster)
            let others = cluster.daemons.filter { $0.id != "a" }
            for other in others { try other.launch() }
            try cluster.becomeTrusting()
            for other in others { try other.await("web", .up) }
            try child.send(SIGKILL)
            for other in others { try other.await("web", .down) }
            try units.set(
                "web.service", "failed", 1, "Result=signal", "ExecMainCode=2", "ExecMainStatus=9")
            for other in others {
                try other.await("web", .failed)
                let service = try other.services(of: "a").first
                #expect(service?.detail == "signal 9" && service?.certainty == .proved)
                #expect(service?.cause == "signal")
            }
            try daemon.kill()
            for other in others {
                try other.await("web", .unknown)
                let service = try other.services().first
                #expect(service?.reported == .failed && service?.hostState == .suspected)
                let events = try other.events()
                let suspicion = events.first { $0.event == .suspect && $0.peer == "a" }
                let unknown = events.first { $0.event == .service && $0.state == .unknown }
                #expect(suspicion?.timeUSec == unknown?.timeUSec, "they are of one turn")
                #expect(events.compactMap { $0.state?.rawValue } == ["up", "down", "failed", "unknown"])
            }
        }

        @Test("a service that is no longer configured is withdrawn on every host")
        func withdrawn() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let plain = textOfFile(cluster["a"].configuration)
            let daemon = try observer(units, cluster)
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            try cluster["b"].await("web", .up)
            try writeFile(plain, to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isGone = try eventually { try cluster["b"].services().isEmpty }
            #expect(isGone)
        }

        @Test(
            "another unit under the same name is another service to watch: the former one's end is none of its"
        )
        func otherUnit() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let first = try ChildProcess("/bin/sleep", ["1000"])
            let second = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: first.identifier, 1)
            try units.set("other.service", "active", pid: second.identifier, 7)
            let daemon = try observer(units, cluster)
            try daemon.await("web", .up)
            let text = textOfFile(daemon.configuration)
            try writeFile(text.replacing("web.service", with: "other.service"), to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isTaken = try eventually {
                try daemon.why(service: "web").layers.contains { $0.finding == "other.service is active" }
            }
            #expect(isTaken)
            try first.send(SIGKILL)
            try second.send(SIGKILL)
            try daemon.await("web", .down)
            let events = try daemon.events(.service)
            #expect(events.allSatisfy { $0.endedUSec == nil }, "no restart")
            #expect(events.filter { $0.state == .down }.count == 1)
            #expect(try daemon.services().first?.generation == 1)
        }

        @Test("a unit that does not exist is unknown on every host, and not a service that no host has")
        func missingElsewhere() throws {
            let cluster = try TestCluster(["a", "b"])
            _ = try observer(try Units(in: cluster.folder), cluster)
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            try cluster["b"].await("web", .unknown)
            #expect(try cluster["b"].services().first?.hostState == .trusted)
        }

        @Test("a daemon that is killed and started again takes no service away from other hosts")
        func restartedDaemon() throws {
            let cluster = try TestCluster(["a", "b"])
            let units = try Units(in: cluster.folder)
            let child = try ChildProcess("/bin/sleep", ["1000"])
            try units.set("web.service", "active", pid: child.identifier, 1)
            let daemon = try observer(units, cluster)
            let other = cluster["b"]
            try other.launch()
            try cluster.becomeTrusting()
            try other.await("web", .up)
            try daemon.kill()
            try other.await("web", .unknown)
            let epoch = try other.peer("a").epoch
            try daemon.start(environment: units.environment)
            let isAlwaysThere = try eventually {
                #expect(try other.services().map(\.service) == ["web"])
                return try other.services().first?.state == .up && other.peer("a").epoch > epoch
            }
            #expect(isAlwaysThere)
            #expect(try other.events().allSatisfy { !$0.evidence.reason.contains("no longer observed") })
        }
    }
}

import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    @Suite("services")
    struct ServiceTests {
        @Test("a service that is killed is down by the kernel's word, and failed by the manager's")
        func killed() throws {
            let web = try ObservedService()
            try web.start()
            let daemon = web.daemon
            try web.child.send(SIGKILL)
            try daemon.await("web", .down)
            #expect(try daemon.services().first?.certainty == .proved)
            try web.units.setKilled("web.service", 1)
            try daemon.await("web", .failed)
            let services = try daemon.services(of: "a")
            let service = try #require(services.first)
            #expect(service.cause == "signal" && service.detail == "signal 9" && service.certainty == .proved)
            #expect(service.id == "a/web" && service.generation == 1 && service.hostState == .trusted)
            let states = try daemon.events(.service).map { $0.state?.rawValue ?? "" }
            #expect(states == ["up", "down", "failed"])
            #expect(daemon.logText.contains("a/web has failed (proved): signal 9 ended it"))
        }

        @Test("without a word of the manager a service that has ended is down, and no failure")
        func unexplained() throws {
            let web = try ObservedService()
            try web.start()
            try web.child.send(SIGKILL)
            try web.daemon.await("web", .down)
            let service = try #require(try web.daemon.services().first)
            #expect(service.cause.isEmpty && service.certainty == .proved)
            try web.units.setKilled("web.service", 1)
            try web.daemon.await("web", .failed)
            let states = try web.daemon.events(.service).compactMap { $0.state?.rawValue }
            #expect(states == ["up", "down", "failed"])
        }

        @Test("a reload adds services and takes them away, and forgets nothing of those that stay")
        func reload() throws {
            let web = try ObservedService()
            let daemon = web.daemon
            try web.units.set("db.service", "active", pid: web.child.identifier, 5)
            try web.configure("")
            try daemon.start(environment: web.units.environment)
            #expect(try daemon.services().isEmpty)
            try web.reload(ObservedService.web)
            try daemon.await("web", .up)
            let since = try #require(daemon.services().first?.sinceUSec)
            let db = "[[service]]\nname = \"db\"\nunit = \"db.service\"\n"
            try web.reload(ObservedService.web + db)
            try daemon.await("db", .up)
            #expect(try daemon.services().map(\.service) == ["db", "web"])
            let later = try #require(daemon.services().last?.sinceUSec)
            #expect(abs(later - since) < 100_000)
            try web.reload(db)
            let isGone = try eventually { try daemon.services().map(\.service) == ["db"] }
            #expect(isGone)
            try web.child.send(SIGKILL)
            try daemon.await("db", .down)
            #expect(try daemon.events(.service).last { $0.service == "web" }?.state == .unknown)
        }

        @Test("a unit that does not exist is named in the journal, with the remedy")
        func missing() throws {
            let web = try ObservedService()
            try web.configure(ObservedService.web.replacing("web.service", with: "none.service"))
            let daemon = web.daemon
            try daemon.start(environment: web.units.environment)
            let isNamed = eventually {
                daemon.logText.contains("service web: there is no unit none.service on this host; compare it")
            }
            #expect(isNamed, "\(daemon.logText)")
            #expect(try daemon.services().first?.state == .unknown)
        }

        @Test("a folder in place of the service manager is named in the journal as what it is")
        func unitFolder() throws {
            let web = try ObservedService()
            try web.start()
            let text = web.daemon.logText
            #expect(
                text.contains(
                    "what services do is read from the files in \(web.units.path) and not from the service manager"
                ), "\(text)")
        }

        @Test("a service that a socket would start is up, from when the socket is to when it no longer is")
        func socket() throws {
            let web = try ObservedService()
            try web.units.set("web.service", "inactive", 1, "TriggeredBy=web.socket")
            let daemon = web.daemon
            try daemon.start(environment: web.units.environment)
            try daemon.await("web", .stopped)
            // Nothing announces what becomes of a socket: the manager is asked now and then.
            try web.units.set("web.socket", "active", 0)
            try daemon.await("web", .up)
            #expect(try daemon.services().first?.detail == "idle, starts on demand")
            try web.units.set("web.socket", "inactive", 0)
            try daemon.await("web", .stopped)
        }

        @Test("a restart that the kernel was too quick to show is an event with both times")
        func restarted() throws {
            let web = try ObservedService()
            try web.start()
            let daemon = web.daemon
            try web.units.set("web.service", "active", pid: web.child.identifier, 2)
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
            let web = try ObservedService(more: "hung_after = \"300ms\"\n")
            try web.start()
            let daemon = web.daemon
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
            let web = try ObservedService()
            let manager = try FakeServiceManager("suspectd-services-\(getpid())", watchdogUSec: 60_000_000)
            let environment = web.units.environment + manager.environment
            let daemon = web.daemon
            try daemon.start(environment: environment)
            let memory = try daemon.openMemory()
            try daemon.await("web", .up)
            try web.units.set("web.service", "active", pid: web.child.identifier, 2)
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
            let web = try ObservedService(["a", "b", "c"])
            try web.start()
            try web.startOthers()
            try web.child.send(SIGKILL)
            for other in web.others { try other.await("web", .down) }
            try web.units.setKilled("web.service", 1)
            for other in web.others {
                try other.await("web", .failed)
                let service = try other.services(of: "a").first
                #expect(service?.detail == "signal 9" && service?.certainty == .proved)
                #expect(service?.cause == "signal")
            }
            for daemon in web.cluster.daemons {
                let text = try daemon.status().statusText
                #expect(
                    text.hasSuffix("; 1 of 1 service needs attention: a/web failed (signal 9)"), "\(text)")
            }
            try web.daemon.kill()
            for other in web.others {
                try other.await("web", .unknown)
                let service = try other.services().first
                #expect(service?.reported == .failed && service?.hostState == .suspected)
                #expect(try !other.status().statusText.contains("attention"), "its host is what needs it")
                #expect(other.logText.contains("nothing is known of a/web: its host is suspected"))
                let events = try other.events()
                let suspicion = try #require(events.first { $0.event == .suspect && $0.peer == "a" })
                let unknown = try #require(events.first { $0.event == .service && $0.state == .unknown })
                #expect(suspicion.timeUSec == unknown.timeUSec, "they are of one turn")
                #expect(events.compactMap { $0.state?.rawValue } == ["up", "down", "failed", "unknown"])
            }
        }

        @Test("a service that is no longer configured is withdrawn on every host")
        func withdrawn() throws {
            let web = try ObservedService()
            try web.start()
            try web.startOthers()
            try web.reload("")
            let isGone = try eventually { try web.cluster["b"].services().isEmpty }
            #expect(isGone)
        }

        @Test(
            "another unit under the same name is another service to watch: the former one's end is none of its"
        )
        func otherUnit() throws {
            let web = try ObservedService()
            let second = try ChildProcess("/bin/sleep", ["1000"])
            try web.units.set("other.service", "active", pid: second.identifier, 7)
            try web.start()
            let daemon = web.daemon
            try web.reload(ObservedService.web.replacing("web.service", with: "other.service"))
            let isTaken = try eventually {
                try daemon.why(service: "web").layers.contains { $0.finding == "other.service is active" }
            }
            #expect(isTaken)
            try web.child.send(SIGKILL)
            try second.send(SIGKILL)
            try daemon.await("web", .down)
            let events = try daemon.events(.service)
            #expect(events.allSatisfy { $0.endedUSec == nil }, "no restart")
            #expect(events.filter { $0.state == .down }.count == 1)
            #expect(try daemon.services().first?.generation == 1)
        }

        @Test("a unit that does not exist is unknown on every host, and not a service that no host has")
        func missingElsewhere() throws {
            let web = try ObservedService()
            try web.configure(ObservedService.web.replacing("web.service", with: "none.service"))
            try web.daemon.start(environment: web.units.environment)
            let other = web.cluster["b"]
            try other.launch()
            try web.cluster.becomeTrusting()
            try other.await("web", .unknown)
            #expect(try other.services().first?.hostState == .trusted)
            for daemon in [web.daemon, other] {
                let isNamed = try eventually {
                    try daemon.status().statusText.hasSuffix(
                        " needs attention: a/web unknown (no such unit there, or it is masked)")
                }
                let text = try daemon.status().statusText
                #expect(isNamed, "\(daemon.id): \(text)")
            }
        }

        @Test(
            "a service of a host that was never heard is unknown where the configuration names it, with the reason"
        )
        func neverHeard() throws {
            let web = try ObservedService()
            let other = web.cluster["b"]
            let plain = textOfFile(other.configuration)
            try writeFile(plain + ObservedService.web + "hosts = [\"a\"]\n", to: other.configuration)
            try other.start()
            let service = try #require(try other.services().first)
            #expect(service.id == "a/web" && service.state == .unknown && service.hostState == .unknown)
            #expect(service.detail == "its host has not been heard yet")
            try web.start()
            try web.cluster.becomeTrusting()
            try other.await("web", .up)
            #expect(try other.services().count == 1)
            try web.reload("")
            let isUnreported = try eventually {
                try other.services().first?.detail.hasPrefix("not reported by its host") == true
            }
            #expect(isUnreported)
        }

        @Test("services of a peer that is no longer one are gone with it")
        func formerPeer() throws {
            let web = try ObservedService(["a", "b", "c"])
            try web.start()
            try web.startOthers()
            let other = web.cluster["b"]
            let text = textOfFile(other.configuration)
            let tables = text.split(separator: "[[peer]]", omittingEmptySubsequences: false)
            let kept = tables.filter { !$0.contains("id = \"a\"") }
            try #require(kept.count == tables.count - 1, "\(text)")
            try writeFile(kept.joined(separator: "[[peer]]"), to: other.configuration)
            _ = try other.client().call(.reload, NoParameters(), as: ReloadReply.self)
            #expect(try other.services().isEmpty)
        }

        @Test("a daemon that is killed and started again takes no service away from other hosts")
        func restartedDaemon() throws {
            let web = try ObservedService()
            try web.start()
            try web.startOthers()
            let other = web.cluster["b"]
            try web.daemon.kill()
            try other.await("web", .unknown)
            let epoch = try other.peer("a").epoch
            try web.daemon.start(environment: web.units.environment)
            let isAlwaysThere = try eventually {
                #expect(try other.services().map(\.service) == ["web"])
                return try other.services().first?.state == .up && other.peer("a").epoch > epoch
            }
            #expect(isAlwaysThere)
            #expect(try other.events().allSatisfy { !$0.evidence.reason.contains("no longer observed") })
        }

        @Test(
            "what a host has reported before its daemon was started again is not known until it reports anew")
        func outdatedReports() throws {
            let web = try ObservedService()
            try web.start()
            try web.startOthers()
            let other = web.cluster["b"]
            try web.daemon.kill()
            try other.await("web", .unknown)
            try web.child.send(SIGKILL)
            try web.units.setKilled("web.service", 1)
            try web.daemon.start(environment: web.units.environment)
            try other.await("web", .failed)
            let states = try other.events(.service).compactMap { $0.state?.rawValue }
            #expect(states.filter { $0 == "up" }.count == 1, "\(states)")
        }
    }
}

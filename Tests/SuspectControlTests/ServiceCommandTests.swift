import StatusAPI
import Testing

@testable import SuspectControl

@Suite("Services on the command line")
struct ServiceCommandTests {
    private let daemon: FakeDaemon

    init() throws {
        var state = FakeState()
        state.allPeers = [Sample.peer("db2", .trusted), Sample.peer("db3", .suspected)]
        state.allServices = FakeState.services
        daemon = try FakeDaemon(state)
    }

    private func run(_ arguments: String...) -> (status: Int32, results: String, remarks: String) {
        defer { daemon.stop() }
        return control(arguments + ["--socket", daemon.path])
    }

    @Test("are listed in a table, sorted by host and name")
    func table() {
        let outcome = run("services")
        #expect(outcome.status == 0)
        #expect(
            outcome.results == """
                SERVICE       STATE    CAUSE                        FOR  RESTARTS  HOST IS
                db2/postgres  failed   signal, signal 9 (proved)  4.2 s         2  trusted
                db2/web       up                                  7.0 s         0  trusted
                db3/postgres  unknown  last reported: up          6.1 s         0  suspected
                3 services listed.

                """)
    }

    @Test("are in the order in which people sort names, wherever they are listed")
    func order() throws {
        daemon.update { state in
            state.allServices = ["db10/web", "db2/web10", "db2/web9"].map { id in
                let words = id.split(separator: "/").map(String.init)
                return ServiceReport(
                    host: words[0], service: words[1], state: .failed, cause: "exit", sinceUSec: Sample.now,
                    hostState: .trusted)
            }
        }
        let arguments = ["--json", "--socket", daemon.path]
        let listed = control(["services"] + arguments)
        let checked = control(["check", "--socket", daemon.path])
        daemon.stop()
        let reports = try JSONText.decode([ServiceReport].self, from: Array(listed.results.utf8.dropLast()))
        #expect(reports.map(\.id) == ["db2/web9", "db2/web10", "db10/web"])
        let failed = "3 of 3 services failed: db2/web9 is failed, db2/web10 is failed, db10/web is failed"
        #expect(checked.results.contains(failed), "\(checked.results)")
    }

    @Test(
        "events of a service that does not exist, or of a host, are an error with exit status 4, followed or not",
        arguments: [["events"], ["events", "--follow"], ["watch", "--json"]])
    func noSuchService(command: [String]) {
        for (name, words) in [
            ("db2/nginx", "there is no service 'db2/nginx'"), ("ghost", "no peer has the id 'ghost'"),
        ] {
            let outcome = control(command + [name, "--socket", daemon.path])
            #expect(outcome.status == 4 && outcome.results.isEmpty)
            #expect(outcome.remarks.contains(words), "\(outcome.remarks)")
        }
        daemon.stop()
    }

    @Test("events of a service that was removed are listed, as long as they are kept")
    func removedService() {
        daemon.update { state in
            state.allEvents = [
                EventReport(
                    timeUSec: 1, dot: DotText(id: "db2", epoch: 1, counter: 1), event: .service,
                    service: "former", of: "db2", evidence: EvidenceReport(reason: "it was there"))
            ]
        }
        let outcome = control(["events", "db2/former", "--socket", daemon.path])
        daemon.stop()
        #expect(outcome.status == 0 && outcome.results.contains("it was there"), "\(outcome.remarks)")
    }

    @Test(
        "of one id the latest events are those about it, however many of others came after",
        arguments: [1, 2, 5])
    func latestOfOne(count: Int) {
        daemon.update { state in
            state.allEvents = (1...6).map { number in
                EventReport(
                    timeUSec: number, dot: DotText(id: "db1", epoch: 1, counter: number),
                    event: .suspect,
                    peer: number <= 3 ? "db2" : "db3", evidence: EvidenceReport(reason: "event \(number)"))
            }
        }
        let outcome = control(["events", "db2", "--last", "\(count)", "--socket", daemon.path])
        daemon.stop()
        let numbers = (1...6).filter { outcome.results.contains("event \($0)") }
        #expect(numbers == Array((1...3).suffix(count)), "\(outcome.results)")
    }

    @Test("are listed as JSON with every name that scripts may rely on")
    func json() throws {
        let outcome = run("services", "--json", "--host", "db3")
        let services = try JSONText.decode([ServiceReport].self, from: Array(outcome.results.utf8.dropLast()))
        #expect(services.map(\.id) == ["db3/postgres"])
        for name in [
            "host", "service", "state", "cause", "certainty", "detail", "generation", "sinceUSec",
            "hostState",
            "observed",
        ] {
            #expect(outcome.results.contains("\"\(name)\":"), "\(name)")
        }
    }

    @Test("of an unknown host are an error with exit status 4")
    func unknownHost() {
        let outcome = run("services", "--host", "ghost")
        #expect(outcome.status == 4 && outcome.remarks.contains("no peer has the id 'ghost'"))
    }

    @Test(
        "is-trusted answers 0 when one is up, 3 when it is not, 4 when there is none",
        arguments: [("db2/web", 0), ("db2/postgres", 3), ("db3/postgres", 3), ("db2/nginx", 4), ("x/web", 4)])
    func isTrusted(id: String, status: Int32) {
        #expect(run("is-trusted", id).status == status)
    }

    @Test("is-trusted says in words what it knows")
    func words() {
        #expect(
            run("is-trusted", "-v", "db3/postgres").results
                == "db3/postgres is unknown, for its host is suspected\n")
    }

    @Test("why shows the layers of evidence")
    func why() {
        let outcome = run("why", "db2/postgres")
        #expect(
            outcome.results == """
                db2/postgres failed 4.2 s ago: signal, signal 9 (proved).
                generation 4 (starts that suspectd there has seen), 2 restarts after ends that were not planned

                Evidence, the strongest first
                  process  its main process 7 runs

                """)
    }

    @Test("why of one that is not there names the command that lists them")
    func whyNone() {
        let outcome = run("why", "db2/nginx")
        #expect(outcome.status == 4)
        #expect(
            outcome.remarks
                == "suspectctl: there is no service 'db2/nginx'; `suspectctl services` lists them\n")
    }

    @Test("alive passes on how long the next call may take, and says why a call does not count")
    func alive() {
        #expect(control(["alive", "web", "--within", "2s", "--socket", daemon.path]).status == 0)
        #expect(daemon.calls == [AliveParameters(service: "web", withinUSec: 2_000_000)])
        let refused = control(["alive", "strange", "--socket", daemon.path])
        #expect(refused.status == 1 && refused.remarks == "suspectctl: it is not of the service\n")
        #expect(control(["alive", "nginx", "--socket", daemon.path]).status == 4)
        #expect(control(["alive", "web", "--within", "1ms", "--socket", daemon.path]).status == 64)
        daemon.stop()
    }

    @Test("wait returns when one is in the state, and not before")
    func wait() throws {
        #expect(control(["wait", "db2/web", "--socket", daemon.path]).status == 0)
        #expect(control(["wait", "db3/postgres", "--state", "unknown", "--socket", daemon.path]).status == 0)
        let late = control(["wait", "db2/postgres", "--timeout", "50ms", "--socket", daemon.path])
        #expect(late.status == 1)
        #expect(late.remarks.contains("db2/postgres is failed, and did not become up within 50 ms"))
        #expect(control(["wait", "db2/nginx", "--timeout", "50ms", "--socket", daemon.path]).status == 4)
        #expect(control(["wait", "db2", "--state", "hung", "--socket", daemon.path]).status == 64)
        #expect(control(["wait", "db2/web", "--state", "trusted", "--socket", daemon.path]).status == 64)
        let waiting = try RunningCommand(["wait", "db2/postgres", "--socket", daemon.path])
        waitUntil { daemon.subscribers == 1 }
        daemon.update { $0.allServices[1].state = .up }
        try daemon.happen(
            EventReport(
                timeUSec: 1, dot: DotText(id: "db2", epoch: 1, counter: 1), event: .service,
                service: "postgres", of: "db2", evidence: EvidenceReport(reason: "")))
        waitUntil { waiting.status == 0 }
        daemon.stop()
    }

    @Test("metrics have the state of each, and how often it was started again")
    func metrics() {
        let text = run("metrics").results
        #expect(
            text.contains("suspectd_service_state{host=\"db2\",service=\"postgres\",state=\"failed\"} 1\n"))
        #expect(text.contains("suspectd_service_state{host=\"db2\",service=\"postgres\",state=\"up\"} 0\n"))
        #expect(
            text.contains("suspectd_service_state{host=\"db3\",service=\"postgres\",state=\"unknown\"} 1\n"))
        #expect(text.contains("suspectd_service_restarts_total{host=\"db2\",service=\"postgres\"} 2\n"))
    }

    @Test("status and why without an id name those that need attention; the exit status is that of the peers")
    func attention() {
        daemon.update { $0.allPeers = [Sample.peer("db2", .trusted)] }
        let status = control(["status", "--socket", daemon.path])
        #expect(status.status == 0)
        let line = "services: 1 of 3 needs attention: db2/postgres failed (signal 9)\n"
        #expect(status.results.contains(line), "\(status.results)")
        let why = control(["why", "--socket", daemon.path]).results
        #expect(why.hasPrefix("db2/postgres failed 4.2 s ago: ") && why.contains("Evidence"), "\(why)")
        daemon.update { state in
            state.allPeers = [Sample.peer("db2", .suspected)]
            state.allServices[1].state = .unknown
        }
        let both = control(["why", "--socket", daemon.path]).results
        #expect(
            both.hasPrefix("db2 has been suspected") && both.contains("\n\n\ndb2/postgres is unknown"),
            "\(both)")
        daemon.update { state in
            state.allPeers = [Sample.peer("db2", .trusted)]
            state.allServices = []
        }
        #expect(!control(["status", "--socket", daemon.path]).results.contains("services:"))
        #expect(control(["why", "--socket", daemon.path]).results.contains("no service needs attention"))
        daemon.stop()
    }

    @Test("check warns of one that failed, and is critical from a number on")
    func check() {
        daemon.update { $0.allPeers = [Sample.peer("db2", .trusted)] }
        let warned = control(["check", "--socket", daemon.path])
        #expect(warned.status == 1)
        #expect(warned.results.contains("; 1 of 3 services failed: db2/postgres is failed |"))
        #expect(warned.results.contains(" failed_services=1;;;0;3\n"))
        #expect(
            warned.results.hasSuffix("db2/postgres failed 4.2 s ago: signal, signal 9 (proved)\n"))
        #expect(control(["check", "--service-critical", "1", "--socket", daemon.path]).status == 2)
        #expect(control(["check", "--service-critical", "0", "--socket", daemon.path]).status == 3)
        daemon.update { $0.allServices[1].state = .up }
        #expect(control(["check", "--socket", daemon.path]).status == 0)
        daemon.stop()
    }

    @Test("check warns of one that its own host cannot observe, and not of one on a suspected host")
    func unobserved() {
        daemon.update { state in
            state.allPeers = [Sample.peer("db2", .trusted)]
            state.allServices[1].state = .unknown
        }
        let warned = control(["check", "--socket", daemon.path])
        #expect(warned.status == 1)
        #expect(
            warned.results.contains(
                "; 1 of 3 services not observed: db2/postgres, see 'suspectctl why db2/postgres' |"),
            "\(warned.results)")
        daemon.stop()
    }

    @Test("a host may be named alone, and a service of this host only without its host")
    func names() {
        #expect(control(["services", "ghost", "--socket", daemon.path]).status == 4)
        for name in ["db2/web", ""] {
            let refused = control(["alive", name, "--socket", daemon.path])
            #expect(
                refused.status == 64 && refused.remarks.contains("without the host"), "\(refused.remarks)")
        }
        let peer = control(["peer", "db2/web", "--socket", daemon.path])
        #expect(peer.status == 4 && peer.remarks.contains("named as HOST/SERVICE"), "\(peer.remarks)")
        daemon.stop()
    }

    @Test("a hook hears of those that have failed when it begins, and of what it missed")
    func hook() {
        var queue = ChangeQueue()
        let everything = SubscribeParameters()
        var services = FakeState.services
        queue.reconcile(with: services, everything)
        queue.reconcile(with: [], everything, nowUSec: Sample.now)
        let first = queue.next()
        #expect(first?.service == "postgres" && first?.state == .failed && first?.peer == "db2")
        #expect(queue.next() == nil)
        services.indices.forEach { services[$0].state = .up }
        queue.reconcile(with: services, everything)
        let back = [queue.next(), queue.next(), queue.next()].compactMap { $0 }
        #expect(
            Set(back.map { "\($0.peer ?? "")/\($0.service ?? "") \($0.state?.rawValue ?? "")" }) == [
                "db2/postgres up", "db3/postgres up",
            ])
        daemon.stop()
    }

    @Test("watch shows how many are up, and which are not, the worst first")
    func watched() {
        var model = WatchModel()
        model.services = FakeState.services
        let lines = WatchView(model: model, nowUSec: Sample.now, size: TerminalSize(columns: 90, rows: 20))
            .lines(Style(isColoured: false))
        #expect(lines.contains("Services: 1 of 3 up; db2/postgres failed, db3/postgres unknown"))
        daemon.stop()
    }

    @Test("a subscription to a host has its services, one to a service only that")
    func filters() {
        let dot = DotText(id: "db2", epoch: 1, counter: 1)
        let event = EventReport(
            timeUSec: 1, dot: dot, event: .service, service: "web", of: "db2",
            evidence: EvidenceReport(reason: ""))
        let wanted = [["db2"], ["db2/web"], ["db2/postgres"], ["db3"]].map {
            SubscribeParameters(peers: $0).wants(event)
        }
        #expect(wanted == [true, true, false, false])
        daemon.stop()
    }
}

extension FakeState {
    /// One that failed, one that runs, and one of which nothing is known.
    fileprivate static let services = [
        ServiceReport(
            host: "db3", service: "postgres", state: .unknown, cause: "", certainty: .suspected,
            sinceUSec: Sample.now - 6_100_000, hostState: .suspected, reported: .up),
        ServiceReport(
            host: "db2", service: "postgres", state: .failed, cause: "signal", certainty: .proved,
            detail: "signal 9", generation: 4, restarts: 2, sinceUSec: Sample.now - 4_200_000,
            hostState: .trusted),
        ServiceReport(
            host: "db2", service: "web", state: .up, generation: 1, sinceUSec: Sample.now - 7_000_000,
            hostState: .trusted),
    ]
}

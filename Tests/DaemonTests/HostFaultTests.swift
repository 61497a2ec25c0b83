import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What may happen to a host under its daemon.
    @Suite("a host in trouble")
    struct HostFaultTests {
        @Test(
            "a host that is frozen is suspected, blames no peer once it runs again, and is trusted immediately",
            .enabled(if: ControlGroup.isPossible(.freezer), "no control group can be made here"))
        func freezer() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let group = try #require(ControlGroup(.freezer))
            defer { #expect(throws: Never.self) { try group.release(cluster["c"].processID) } }
            defer { #expect(throws: Never.self) { try group.freeze(false) } }
            try group.take(cluster["c"].processID)
            try group.freeze(true)
            for observer in ["a", "b"] {
                let finds = try eventually { try cluster[observer].peer("c").state == .suspected }
                #expect(finds, "\(cluster[observer].logText)")
            }
            try group.freeze(false)
            try cluster.becomeTrusting()
            #expect(try !cluster["c"].hasSuspected(), "\(cluster["c"].logText)")
            #expect(try !cluster["c"].events(.stall).isEmpty)
            #expect(try cluster["a"].events(.suspect, of: "b").isEmpty)
        }

        @Test(
            "a twentieth of a processor is enough: no peer is suspected, and a crash is found",
            .enabled(if: ControlGroup.isPossible(.cpu), "no control group can be made here"))
        func quota() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let group = try #require(ControlGroup(.cpu))
            let (poor, peer) = (cluster["c"], cluster["a"])
            defer { #expect(throws: Never.self) { try group.release(poor.processID) } }
            try group.take(poor.processID)
            try group.limit(percent: 5)
            #expect(try peer.hearsOn("c", microseconds: 3_000_000))
            for daemon in cluster.daemons { #expect(try !daemon.hasSuspected(), "\(daemon.logText)") }
            try cluster["b"].kill()
            let finds = try eventually { try poor.peer("b").state == .suspected }
            #expect(finds)
        }

        @Test(
            "a wall clock that jumps an hour ahead and back again moves no deadline",
            .enabled(if: FakeClock.compiler != nil, "no C compiler is installed"))
        func wallClock() throws {
            let cluster = try TestCluster()
            let clock = try FakeClock(in: cluster.folder)
            for daemon in cluster.daemons {
                if daemon.id == "c" { try clock.launch(daemon) } else { try daemon.launch() }
            }
            try cluster.becomeTrusting()
            for offset in [3_600, -3_600, 0] {
                try clock.set(offset)
                let reported = try eventually {
                    let difference = try wallClock(of: cluster["c"]) - wallClock(of: cluster["a"])
                    return abs(difference - offset * 1_000_000) < 60_000_000
                }
                #expect(reported)
                #expect(try cluster["a"].hearsOn("c", microseconds: 1_000_000))
            }
            for daemon in cluster.daemons {
                #expect(try !daemon.hasSuspected(), "\(daemon.logText)")
                #expect(try daemon.events(.conflict).isEmpty)
            }
            try cluster["b"].kill()
            let finds = try eventually { try cluster["c"].peer("b").state == .suspected }
            #expect(finds)
        }

        /// What a daemon takes for the time of day, in microseconds since 1970.
        private func wallClock(of daemon: TestDaemon) throws -> Int {
            let status = try daemon.status()
            return status.startedUSec + status.uptimeUSec
        }
    }
}

/// A wall clock that a test can set for one process; the clocks that count from the boot, and timers, stay as they are.
private struct FakeClock {
    /// What makes the library that a process finds its time through.
    static let compiler: String? = ["/usr/bin/cc", "/usr/bin/clang"].first { access($0, X_OK) == 0 }

    private let library: String
    private let path: String

    init(in folder: TestFolder) throws {
        (library, path) = ("\(folder.path)/wallclock.so", "\(folder.path)/clock")
        let source =
            #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/wallclock/wallclock.c"
        let (status, text) = try Subprocess.run(
            #require(Self.compiler), ["-shared", "-fPIC", "-o", library, source])
        try #require(status == 0, "\(text)")
        try set(0)
    }

    /// Starts a daemon that has this clock.
    func launch(_ daemon: TestDaemon) throws {
        let variables = ["LD_PRELOAD=\(library)", "SUSPECTD_TEST_CLOCK=\(path)"]
        try daemon.launch("/usr/bin/env", variables + [Programs.daemon])
    }

    /// Sets it so many seconds ahead of the true time.
    func set(_ offset: Int) throws {
        try writeFile("\(offset)\n", to: path)
    }
}

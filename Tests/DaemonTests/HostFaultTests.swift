import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What may happen to a host under its daemon.
    @Suite("a host in trouble")
    struct HostFaultTests {
        @Test(
            "a host that is frozen is suspected, blames nobody once it runs again, and is trusted at once",
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
            "a twentieth of a processor is enough: nobody is suspected, and a crash is found",
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
            .enabled(if: FakeClock.library != nil && canMountFileSystems, "libfaketime is not installed"))
        func wallClock() throws {
            let cluster = try TestCluster()
            let clock = try FakeClock(in: cluster.folder)
            for daemon in cluster.daemons {
                if daemon.id == "c" { try clock.launch(daemon) } else { try daemon.launch() }
            }
            try cluster.becomeTrusting()
            for offset in [3_600, -3_600, 0] {
                try clock.set(offset)
                let told = try eventually {
                    let difference = try wallClock(of: cluster["c"]) - wallClock(of: cluster["a"])
                    return abs(difference - offset * 1_000_000) < 60_000_000
                }
                #expect(told)
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

/// A wall clock that a test can set for one process; the clocks that count from the boot stay as they are.
private struct FakeClock {
    /// The library that a process finds its time through.
    static let library: String? = {
        let folders = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        return folders.map { "/usr/lib/\($0)/faketime/libfaketime.so.1" }.first { access($0, R_OK) == 0 }
    }()

    private let path: String

    init(in folder: TestFolder) throws {
        path = "\(folder.path)/clock"
        try set(0)
    }

    /// Starts a daemon that has this clock.
    ///
    /// The library shares memory under names that outlive the process, so it gets a place for them that does not;
    /// and it has to be in a process before it is in the daemon.
    func launch(_ daemon: TestDaemon) throws {
        let script = """
            mount -t tmpfs none /dev/shm || exit
            export FAKETIME_TIMESTAMP_FILE='\(path)' FAKETIME_NO_CACHE=1
            export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
            export LD_PRELOAD='\(try #require(Self.library))'
            exec /usr/bin/env "$0" "$@"
            """
        try daemon.launch("/usr/bin/unshare", ["-rm", "/bin/sh", "-c", script, Programs.daemon])
    }

    /// Sets it so many seconds ahead of the true time.
    func set(_ offset: Int) throws {
        try writeFile("\(offset < 0 ? "" : "+")\(offset)\n", to: path)
    }
}

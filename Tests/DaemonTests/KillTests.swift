import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// A process that is killed, and another that continues with its incarnation.
    @Suite("kills")
    struct KillTests {
        @Test("of a daemon with live peers, twenty times: no number of an event is used twice")
        func twenty() throws {
            let cluster = try TestCluster(
                detection: "heartbeat_interval = \"20ms\"\ndetector = \"fixed\"\ntimeout = \"2s\"")
            try cluster.start()
            let manager = try FakeServiceManager("suspectd-test-kill-\(getpid())", watchdogUSec: 10_000_000)
            let daemon = cluster["a"]
            try daemon.kill()
            // It hears much, and says little: what it counts between two sendings is written down all the same.
            try writeFile(
                textOfFile(daemon.configuration).replacing("20ms", with: "200ms"), to: daemon.configuration)
            try daemon.start(environment: manager.environment)
            let memory = try daemon.openMemory()
            let epoch = try daemon.clock().dot.epoch
            var generator = SeededGenerator(seed: 1)
            for kill in 1...20 {
                let begun = try daemon.clock().dot.counter
                let enough = begun + .random(in: 5...60, using: &generator)
                let isReceiving = try eventually { try daemon.clock().dot.counter >= enough }
                #expect(isReceiving, "\(daemon.logText)")
                let shown = try daemon.clock().dot.counter
                try daemon.kill()
                _ = try manager.takeAll()
                try daemon.resume(memory: memory.raw, environment: manager.environment)
                let now = try daemon.clock()
                #expect(now.dot.epoch == epoch && now.dot.counter > shown, "\(daemon.logText)")
                // What was not yet written is missing; what is written contradicts nothing.
                let log = try Subprocess.run(
                    Programs.control, ["verify", "--partial"] + (try daemon.causalLogs()))
                #expect(log.status == 0, "after kill \(kill): \(log.text)")
            }
            for daemon in cluster.daemons {
                try daemon.send(SIGTERM)
                #expect(try daemon.waitForEnd() == .exited(0))
            }
            let files = try cluster.daemons.flatMap { try $0.causalLogs() }
            let all = try Subprocess.run(Programs.control, ["verify", "--partial"] + files)
            #expect(all.status == 0, "\(all.text)")
        }
    }
}

extension TestDaemon {
    /// Its vector clock.
    func clock() throws -> ClockReport {
        try client().call(.getClock, as: GetClockReply.self).clock
    }

    /// Opens the memory file that it has given to the service manager.
    func openMemory() throws -> FileDescriptor {
        let folder = "/proc/\(try #require(processID))/fd"
        var path: String?
        let isThere = eventually {
            path = (3..<64).map { "\(folder)/\($0)" }.first {
                Self.target(of: $0).hasPrefix("/memfd:suspectd")
            }
            return path != nil
        }
        try #require(isThere, "no memory file; it wrote: \(logText)")
        let raw = open(path ?? "", O_RDWR | O_CLOEXEC)
        try #require(raw >= 0)
        return FileDescriptor(owning: raw)
    }

    private static func target(of link: String) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(link, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Starts it as the service manager does that holds its memory, and waits until it answers.
    func resume(memory: CInt, environment: [String]) throws {
        let script =
            "exec 3<>/proc/\(getpid())/fd/\(memory); export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=memory; "
            + "exec \"$0\" \"$@\""
        try launch("/bin/sh", ["-c", script, Programs.daemon], environment: environment)
        let answers = eventually { (try? status()) != nil }
        try #require(answers, "\(id) does not answer; it wrote: \(logText)")
    }
}

import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What a service manager hears of a daemon.
    @Suite("the service manager")
    struct NotifyTests {
        @Test("READY, STATUS, WATCHDOG, RELOADING and STOPPING come, in their order")
        func incarnation() throws {
            let cluster = try TestCluster(["a", "b"])
            let manager = try FakeServiceManager("suspectd-test-\(getpid())", watchdogUSec: 200_000)
            let daemon = cluster["a"]
            try daemon.start(environment: manager.environment)
            #expect(try manager.index(of: "READY=1\nSTATUS=Watching 1 peer: 0 trusted, 1 unknown") != nil)
            // What goes to the descriptor store goes there before anything is said.
            let first = manager.messages.first { !$0.hasPrefix("FDSTORE") }
            #expect(first?.hasPrefix("READY=1") == true)

            try cluster["b"].start()
            #expect(try manager.index(of: "STATUS=Watching 1 peer: 1 trusted") != nil)

            try daemon.send(SIGHUP)
            let reloading = try #require(try manager.index(of: "RELOADING=1\nMONOTONIC_USEC="))
            #expect(try manager.index(of: "READY=1", from: reloading) != nil)

            try daemon.send(SIGTERM)
            #expect(try manager.index(of: "STOPPING=1") != nil)
            #expect(try daemon.waitForEnd() == .exited(0))
        }

        @Test("the watchdog is fed twice in its period, and not while the daemon is stopped")
        func watchdog() throws {
            let cluster = try TestCluster(["a", "b"])
            let manager = try FakeServiceManager("suspectd-test-dog-\(getpid())", watchdogUSec: 200_000)
            let daemon = cluster["a"]
            try daemon.start(environment: manager.environment)
            let begun = Clocks.monotonic()
            var seen = 0
            for _ in 0..<10 { seen = try #require(try manager.index(of: "WATCHDOG=1", from: seen)) + 1 }
            let period = (Clocks.monotonic() - begun) / 10
            // A busy machine may make it late, nothing may make it a tenth of what it should be.
            #expect((50_000_000...200_000_000).contains(period), "\(period) ns between signs of life")

            try daemon.send(SIGSTOP)
            let seenBefore = try manager.takeAll()
            letPass(milliseconds: 400)
            // One may have been on its way.
            #expect(try manager.takeAll() <= seenBefore + 1)
        }

        @Test(
            "a start that fails reports the error number and the first line of what is wrong",
            arguments: [
                ("timeout = \"500ms\"", "timeout = 500", EINVAL, "timeout"),
                ("[security]", "[security]\nkeys = [\"k\"]", ENOENT, "add LoadCredential=k:FILE"),
                ("state_directory = \"", "state_directory = \"/none", ENOENT, "create it"),
            ])
        func failure(text: String, other: String, errno: Int32, remedy: String) throws {
            let cluster = try TestCluster(["a", "b"])
            let manager = try FakeServiceManager("suspectd-test-fail-\(getpid())-\(errno)", watchdogUSec: 0)
            let daemon = cluster["a"]
            let configuration = textOfFile(daemon.configuration) + "[security]\n"
            try writeFile(configuration.replacing(text, with: other), to: daemon.configuration)
            try daemon.launch(environment: manager.environment)
            let index = try #require(try manager.index(of: "ERRNO=\(errno)\nSTATUS="), "\(daemon.logText)")
            #expect(manager.messages[index].contains(remedy), "\(manager.messages[index])")
            #expect(!manager.messages.contains { $0.hasPrefix("READY") })
            guard case .exited(let code) = try daemon.waitForEnd() else { Issue.record("no exit"); return }
            #expect(code != 0)
        }

        @Test(
            "a start that fails for what may pass lasts a while, so that the manager does not give up; a stop ends it"
        )
        func pause() throws {
            let cluster = try TestCluster(["a", "b"])
            let manager = try FakeServiceManager("suspectd-test-pause-\(getpid())", watchdogUSec: 0)
            let daemon = cluster["a"]
            let spoilt = textOfFile(daemon.configuration).replacing(
                "state_directory = \"", with: "state_directory = \"/none")
            try writeFile(spoilt, to: daemon.configuration)
            let begin = Clocks.monotonic()
            try daemon.launch(environment: manager.environment)
            #expect(try daemon.waitForEnd() == .exited(1))
            #expect(Clocks.monotonic() - begin >= 4 * second)
            try daemon.launch(environment: manager.environment)
            let seen = try manager.takeAll()
            _ = try #require(try manager.index(of: "ERRNO=", from: seen))
            try daemon.send(SIGTERM)
            #expect(try daemon.waitForEnd() == .exited(0))
        }

        @Test("a watchdog that is meant for another process is not fed")
        func foreignWatchdog() throws {
            let cluster = try TestCluster(["a", "b"])
            let manager = try FakeServiceManager("suspectd-test-other-\(getpid())", watchdogUSec: 50_000)
            try cluster["a"].start(environment: manager.environment + ["WATCHDOG_PID=1"])
            letPass(milliseconds: 300)
            try cluster["a"].send(SIGTERM)
            #expect(try manager.index(of: "STOPPING=1") != nil)
            #expect(!manager.messages.contains { $0.hasPrefix("WATCHDOG") })
        }
    }
}

import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// How much a daemon writes is changed while it runs.
    @Suite("the log level")
    struct LogLevelTests {
        @Test("what is less urgent than the level is not written, and the change itself always is")
        func levels() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            #expect(try control(daemon, "log-level") == "info\n")
            #expect(try control(daemon, "log-level", "err") == "err\n")
            #expect(daemon.says("notes of priority err and more urgent ones are written"))
            let silent = daemon.logLines.count
            try reload(daemon)
            #expect(try control(daemon, "log-level", "notice") == "notice\n")
            #expect(daemon.says("notes of priority notice"))
            #expect(
                daemon.logLines.count == silent + 1, "the reload was not to be written: \(daemon.logText)")
            try reload(daemon)
            #expect(daemon.says("configuration loaded"))
        }

        @Test("at debug the pings of an overdue peer are written, at info they are not")
        func pings() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            try miss(cluster["b"], by: daemon)
            #expect(!daemon.logText.contains("debug:"), "\(daemon.logText)")
            #expect(try control(daemon, "log-level", "debug") == "debug\n")
            try miss(cluster["b"], by: daemon)
            #expect(daemon.says("debug: b is overdue"), "\(daemon.logText)")
        }

        @Test("a level that does not exist is refused with the ones that do")
        func unknown() throws {
            let cluster = try TestCluster(["a"])
            try cluster["a"].start()
            let outcome = try Subprocess.run(
                Programs.control, ["--socket", cluster["a"].socket, "log-level", "loud"])
            #expect(outcome.status == 64)
            #expect(outcome.text.contains("warning"), "\(outcome.text)")
        }

        /// Stops a peer until it is suspected and lets it continue until it is trusted: it is pinged in between.
        private func miss(_ peer: TestDaemon, by observer: TestDaemon) throws {
            let before = try observer.events(.suspect).count
            try peer.send(SIGSTOP)
            let suspected = eventually { (try? observer.events(.suspect).count) ?? 0 > before }
            try peer.send(SIGCONT)
            try #require(suspected)
            let trusted = eventually { observer.trustsEveryone }
            try #require(trusted)
        }

        private func reload(_ daemon: TestDaemon) throws {
            let before = try daemon.events(.config).count
            #expect(try control(daemon, "reload").hasSuffix("reloaded\n"))
            #expect(try daemon.events(.config).count > before)
        }

        private func control(_ daemon: TestDaemon, _ arguments: String...) throws -> String {
            try Subprocess.run(Programs.control, ["--socket", daemon.socket] + arguments).text
        }
    }
}

extension TestDaemon {
    /// Whether it writes something, or does so soon: a thread of its own writes.
    fileprivate func says(_ text: String) -> Bool { eventually { logText.contains(text) } }
}

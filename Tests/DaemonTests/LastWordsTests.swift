import CausalClock
import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

@testable import Daemon

extension RealDaemons {
    /// What a host says when its daemon has ended.
    @Suite("last words")
    struct LastWordsTests {
        /// Runs `suspectd --last-words` as the service manager does after a daemon.
        ///
        /// There is no manager to ask whether the unit is being restarted.
        private func sayLastWords(
            of daemon: TestDaemon, result: String
        ) throws -> LinuxIO.ExitStatus? {
            var child = try ChildProcess(
                Programs.daemon, ["--last-words", "--config", daemon.configuration],
                environment: [
                    "SERVICE_RESULT=\(result)", "STATE_DIRECTORY=\(daemon.stateFolder)",
                    "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent",
                ], output: .discard, errors: .discard)
            return try child.wait(timeout: 10 * second)
        }

        private func isKept(by daemon: TestDaemon) -> Bool {
            access("\(daemon.stateFolder)/last-words", F_OK) == 0
        }

        /// A cluster that trusts each other, with what it takes to say last words.
        private func startedCluster(isSealed: Bool = false) throws -> TestCluster {
            let cluster = try TestCluster()
            if isSealed { try giveKey(cluster) }
            try cluster.start()
            let areKept = eventually {
                cluster.daemons.allSatisfy {
                    LastWordsFile(in: $0.stateFolder)?.datagrams.count == 2
                }
            }
            try #require(areKept, "\(cluster["a"].logText)")
            return cluster
        }

        /// Has all daemons seal what they send; the file can be read only while they start.
        private func giveKey(_ cluster: TestCluster) throws {
            let path = "\(cluster.folder.path)/key"
            try writeFile("suspectd-key-1:\(String(repeating: "5a", count: 32))\n", to: path)
            try #require(chmod(path, 0o600) == 0)
            for daemon in cluster.daemons {
                let text = textOfFile(daemon.configuration)
                try writeFile("\(text)[security]\nkeys = [\"\(path)\"]\n", to: daemon.configuration)
            }
        }

        @Test(
            "a daemon that is killed and stays away is suspected with the cause daemon, by all others",
            arguments: [false, true])
        func killed(isSealed: Bool) throws {
            let cluster = try startedCluster(isSealed: isSealed)
            if isSealed { try #require(unlink("\(cluster.folder.path)/key") == 0) }
            try cluster["a"].kill()
            #expect(try sayLastWords(of: cluster["a"], result: "signal") == .exited(0))
            for other in [cluster["b"], cluster["c"]] {
                let isSaid = try eventually { try other.peer("a").cause == .daemon }
                #expect(isSaid, "\(other.logText)")
                let first = try #require(other.events(.suspect, of: "a").first)
                #expect(first.cause == .daemon && first.certainty == .suspected)
                #expect(first.evidence.reason.contains("its host said that suspectd has ended there"))
                for reason in ["malformed", "outdated", "duplicate", "unknown-peer"] {
                    #expect(try other.refused(reason) == 0, "\(reason)")
                }
            }
            #expect(!isKept(by: cluster["a"]), "they are said once")
        }

        @Test("after a planned stop, and for a daemon that runs, nothing is said")
        func planned() throws {
            let cluster = try startedCluster()
            var status = stat()
            #expect(
                stat("\(cluster["a"].stateFolder)/last-words", &status) == 0
                    && status.st_mode & 0o777 == 0o600)
            #expect(try sayLastWords(of: cluster["a"], result: "signal") == .exited(1))
            #expect(isKept(by: cluster["a"]), "the daemon runs")
            try cluster["a"].kill()
            #expect(try sayLastWords(of: cluster["a"], result: "success") == .exited(0))
            #expect(isKept(by: cluster["a"]), "it may be a restart, whose start may fail")
            let isSuspected = try eventually { try cluster["b"].peer("a").state == .suspected }
            #expect(isSuspected)
            #expect(try cluster["b"].peer("a").cause != .daemon)
            try cluster["c"].send(SIGTERM)
            #expect(try cluster["c"].waitForEnd() == .exited(0))
            #expect(!isKept(by: cluster["c"]), "it has said good-bye itself")
        }

        @Test(
            "after a restart whose start fails for its configuration they are said",
            arguments: ["nonsense", "[node]\nstate_directory = \"/nonexistent\"\n"])
        func failedRestart(configuration: String) throws {
            let cluster = try startedCluster()
            let daemon = cluster["a"]
            try daemon.kill()
            #expect(try sayLastWords(of: daemon, result: "success") == .exited(0))
            try writeFile(configuration, to: daemon.configuration)
            #expect(try sayLastWords(of: daemon, result: "exit-code") == .exited(0))
            for other in [cluster["b"], cluster["c"]] {
                let isSaid = try eventually { try other.peer("a").cause == .daemon }
                #expect(isSaid, "\(other.logText)")
            }
            #expect(!isKept(by: daemon), "they are said once")
        }

        @Test(
            "those of an earlier boot are not sent: the daemon ended with its host, and only a start has failed"
        )
        func earlierBoot() throws {
            let cluster = try startedCluster()
            let daemon = cluster["a"]
            try daemon.kill()
            let path = "\(daemon.stateFolder)/last-words"
            let boot = try #require(LastWordsFile(in: daemon.stateFolder)?.boot)
            #expect(boot.count == 32, "\(boot)")
            let earlier = String(repeating: "0", count: 32)
            try writeFile(textOfFile(path).replacing(boot, with: earlier), to: path)
            #expect(try sayLastWords(of: daemon, result: "exit-code") == .exited(0))
            #expect(!isKept(by: daemon))
            let isSuspected = try eventually { try cluster["b"].peer("a").state == .suspected }
            #expect(isSuspected)
            #expect(try cluster["b"].peer("a").cause != .daemon)
        }

        @Test("where a daemon has crashed and none are kept, that is said")
        func noneKept() throws {
            let cluster = try startedCluster()
            let daemon = cluster["a"]
            try daemon.kill()
            try #require(unlink("\(daemon.stateFolder)/last-words") == 0)
            let said = try Subprocess.run(
                "/usr/bin/env",
                [
                    "SERVICE_RESULT=signal", "STATE_DIRECTORY=\(daemon.stateFolder)", Programs.daemon,
                    "--last-words", "--config", daemon.configuration,
                ])
            #expect(
                said.status == 0 && said.text.contains("(signal), and no peer was informed"), "\(said.text)")
        }

        @Test("files that are removed beneath a daemon are made anew, and that is said once")
        func removedFiles() throws {
            let cluster = try startedCluster()
            let daemon = cluster["a"]
            let names = ["last-words", "epoch", "lock"]
            let (log, epoch) = (try #require(daemon.causalLogs().first), try daemon.status().epoch)
            for path in names.map({ "\(daemon.stateFolder)/\($0)" }) + [log] {
                try #require(unlink(path) == 0)
            }
            let areBack = eventually {
                names.allSatisfy { access("\(daemon.stateFolder)/\($0)", F_OK) == 0 }
                    && access(log, F_OK) == 0
            }
            #expect(areBack, "\(daemon.logText)")
            let isSaid = eventually { daemon.logText.contains("were removed while the daemon runs") }
            #expect(isSaid, "\(daemon.logText)")
            #expect(daemon.logLines.count { $0.contains("while the daemon runs") } == 2, "\(daemon.logText)")
            #expect(textOfFile("\(daemon.stateFolder)/epoch") == "a \(epoch)\n")
            #expect(try sayLastWords(of: daemon, result: "signal") == .exited(1), "the new lock is held")
            try daemon.kill()
            #expect(try sayLastWords(of: daemon, result: "signal") == .exited(0))
            let isExplained = try eventually { try cluster["b"].peer("a").cause == .daemon }
            #expect(isExplained)
            let verified = try Subprocess.run(Programs.control, ["verify", "--partial", log])
            #expect(verified.status == 0, "\(verified.text)")
        }

        @Test("a process that continues with the incarnation counts on above the number that was said")
        func continued() throws {
            let cluster = try startedCluster()
            let daemon = cluster["a"]
            let manager = try FakeServiceManager("suspectd-words-\(getpid())", watchdogUSec: 60_000_000)
            try daemon.kill()
            try daemon.start(environment: manager.environment)
            let memory = try daemon.openMemory()
            let epoch = try daemon.clock().dot.epoch
            let isKept = eventually { LastWordsFile(in: daemon.stateFolder)?.epoch.value == UInt64(epoch) }
            try #require(isKept)
            let counter = try #require(LastWordsFile(in: daemon.stateFolder)?.counter)
            try daemon.kill()
            #expect(try sayLastWords(of: daemon, result: "signal") == .exited(0))
            _ = try manager.takeAll()
            try daemon.resume(memory: memory.raw, environment: manager.environment)
            let dot = try daemon.clock().dot
            #expect(dot.epoch == epoch && UInt64(dot.counter) > counter)
            try cluster.becomeTrusting()
            let isAhead = eventually {
                LastWordsFile(in: daemon.stateFolder).map { $0.counter > counter } ?? false
            }
            #expect(isAhead, "those of the present process have a number of their own")
        }

        @Test("the file is read as it was written, and nothing else is one")
        func file() throws {
            var file = LastWordsFile(epoch: Epoch(7), counter: 99)
            file.boot = "0123456789abcdef0123456789abcdef"
            file.sources = [SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 7946)]
            file.datagrams = [
                (SocketAddress(ipv4: 0x0A00_0001, port: 1), [0, 255, 16]),
                (SocketAddress.loopbackIPv6(port: 2), [1]),
            ]
            let text = Array(file.text.utf8)
            #expect(LastWordsFile(text) == file)
            #expect(LastWordsFile([]) == nil && LastWordsFile(Array("last-words 7\n".utf8)) == nil)
            #expect(LastWordsFile(Array("last-words 7 99999999999999999999\n".utf8)) == nil)
            for count in 0..<text.count { _ = LastWordsFile(Array(text.prefix(count))) }
            let damaged = LastWordsFile(
                Array("last-words 7 99\n10.0.0.1:1 0g\n10.0.0.1:1 000\nnowhere 00\n".utf8))
            #expect(damaged?.datagrams.isEmpty == true)
        }
    }
}

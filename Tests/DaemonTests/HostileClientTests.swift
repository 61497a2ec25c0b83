import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// Processes of the same host that use the status socket and the signals badly.
    @Suite("bad clients")
    struct HostileClientTests {
        @Test("one that sends without end and without a terminator is cut off early, and costs no memory")
        func endlessCall() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let before = try residentKilobytes(daemon)
            for byte in [UInt8(ascii: "x"), UInt8(ascii: "\n"), UInt8(ascii: "["), 0] {
                let client = try daemon.client()
                let chunk = [UInt8](repeating: byte, count: 65_536)
                // A hundred megabytes, were it let.
                let taken = (0..<1_600).prefix { _ in (try? client.send(chunk)) == true }.count
                #expect(taken < 16, "\(taken) pieces of 64 KiB were taken")
            }
            #expect(try daemon.status().node == "a")
            #expect(try residentKilobytes(daemon) < before + 4_096)
            #expect(try !cluster["b"].hasSuspected())
        }

        @Test("those that close half of their connection get their answer, are let go, and cost no processor")
        func halfClosed() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let descriptors = try count(daemon)
            var clients: [StatusClient] = []
            for round in 0..<120 {
                let client = try daemon.client()
                if round % 2 == 0 {
                    try client.send(VarlinkMessage.call("io.suspectd.Monitor.GetStatus").bytes)
                }
                try client.finishWriting()
                clients.append(client)
            }
            for (round, client) in clients.enumerated() {
                if round % 2 == 0 { #expect(try client.nextReply() != nil) }
                #expect(try client.isClosed())
            }
            let areGone = try eventually { try count(daemon) <= descriptors }
            #expect(areGone)
            #expect(try !cluster["b"].hasSuspected())
        }

        @Test("a storm of reloads holds up no heartbeat, fills no log, and pushes nothing out of the history")
        func reloads() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let clients = try (0..<30).map { _ in try daemon.client() }
            let call = try VarlinkMessage.call("io.suspectd.Monitor.Reload").bytes
            for _ in 0..<40 {
                for client in clients { try client.send(call) }
                try daemon.send(SIGHUP)
            }
            for client in clients {
                for _ in 0..<40 { #expect(try client.nextReply()?.error == nil) }
            }
            #expect(try daemon.hearsOn("b", microseconds: 300_000))
            #expect(try !cluster["b"].hasSuspected(), "\(cluster["b"].logText)")
            #expect(try !daemon.hasSuspected(), "\(daemon.logText)")
            #expect(try daemon.status().health.loopLagMaximumUSec < 400_000)
            #expect(daemon.logLines.count < 100, "\(daemon.logLines.count) lines")
            #expect(try daemon.events(.trust).map(\.peer) == ["b"])
        }

        @Test("one that subscribes while the daemon is stopped gets its events once it continues")
        func stopped() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            try daemon.send(SIGSTOP)
            let client = try daemon.client()
            try client.send(VarlinkMessage.call("io.suspectd.Monitor.Subscribe", more: true).bytes)
            let silent = try Subprocess.run(
                Programs.control, ["--socket", daemon.socket, "check", "--timeout", "200ms"])
            #expect(silent.status == 3)
            #expect(silent.text.contains("It is there, but stopped"), "\(silent.text)")
            try daemon.send(SIGCONT)
            #expect(try client.nextReply()?.continues == true)
            try cluster["b"].kill()
            let event = try #require(try client.nextReply())
            #expect(try event.parameters(SubscribeReply.self).event?.peer == "b")
        }

        @Test(
            "a state directory that becomes read-only stops nothing, and is reported at the next start",
            .enabled(if: canMountFileSystems))
        func readOnlyState() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster["a"].launch(
                "/usr/bin/unshare", ["-rm", "/bin/sh", "-c", "exec \"$0\" \"$@\"", Programs.daemon])
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            let daemon = cluster["a"]
            let root = "/proc/\(try #require(daemon.processID))"
            let client = try daemon.client()
            let (status, text) = try Subprocess.run(
                "/usr/bin/nsenter",
                [
                    "--user=\(root)/ns/user", "--preserve-credentials", "--mount=\(root)/ns/mnt", "mount",
                    "-t",
                    "tmpfs", "-o", "ro", "none", daemon.stateFolder,
                ])
            try #require(status == 0, "\(text)")
            let reload = try client.call(.reload, as: ReloadReply.self)
            #expect(reload.warnings.isEmpty)
            try cluster["b"].kill()
            let finds = try eventually {
                try client.call(.getPeer, PeerParameters(id: "b"), as: GetPeerReply.self).peer.state
                    == .suspected
            }
            #expect(finds)
            try daemon.send(SIGTERM)
            #expect(try daemon.waitForEnd() == .exited(0))
        }

        private func count(_ daemon: TestDaemon) throws -> Int {
            let folder = "/proc/\(try #require(daemon.processID))/fd"
            return Int(try Subprocess.run("/bin/sh", ["-c", "ls \(folder) | wc -l"]).text.filter(\.isNumber))
                ?? 0
        }

        private func residentKilobytes(_ daemon: TestDaemon) throws -> Int {
            let path = "/proc/\(try #require(daemon.processID))/status"
            let line = try Subprocess.run("/bin/sh", ["-c", "grep VmRSS \(path)"]).text
            return try #require(Int(line.filter(\.isNumber)))
        }
    }
}

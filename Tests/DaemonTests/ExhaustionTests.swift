import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What a host may run out of while the daemon runs: none of it stops the detector.
    @Suite("a host that runs out of something")
    struct ExhaustionTests {
        @Test(
            "a disk that fills up costs the causal log its entries; a crash is still found",
            .enabled(if: canMountFileSystems))
        func fullDisk() throws {
            let cluster = try TestCluster(["a", "b"], detection: TestCluster.lan)
            let disk = try cluster.folder.makeFolder("disk")
            let text = textOfFile(cluster["a"].configuration)
            try writeFile(
                text.replacing(
                    "state_directory = \"\(cluster["a"].stateFolder)\"", with: "state_directory = \"\(disk)\""
                ),
                to: cluster["a"].configuration)
            // Eight pages, in a namespace of its own: a few seconds of heartbeats fill them.
            let mount = "mount -t tmpfs -o size=32k none '\(disk)'"
            try cluster["a"].launch(
                "/usr/bin/unshare",
                ["-rm", "/bin/sh", "-c", "\(mount) && exec \"$0\" \"$@\"", Programs.daemon])
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            let isReported = eventually(within: 60) {
                cluster["a"].logText.contains("cannot write the causal log (failure detection is unaffected)")
            }
            #expect(isReported, "\(cluster["a"].logText)")
            #expect(try !cluster["a"].hasSuspected())
            try cluster["b"].kill()
            let suspects = try eventually { try cluster["a"].peer("b").state == .suspected }
            #expect(suspects)
        }

        @Test("without a descriptor clients wait, the log says which limit to raise, a crash is found")
        func descriptors() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let poor = cluster["a"]
            try limit(poor, descriptors: 0)
            let clients = try (0..<20).map { _ in try poor.client() }
            let isReported = eventually { poor.logText.contains("raise LimitNOFILE= in the unit") }
            #expect(isReported, "\(poor.logText)")
            #expect(
                poor.logText.contains("clients of the status socket wait (failure detection is unaffected)"))
            try cluster["c"].kill()
            let agrees = try eventually { try cluster["b"].peer("c").confirmed }
            #expect(agrees, "a host without descriptors is still a witness: \(poor.logText)")
            #expect(try cluster["b"].hearsOn("a", microseconds: 1_500_000))
            #expect(try cluster["b"].events(.suspect, of: "a").isEmpty)
            try limit(poor, descriptors: 1_024)
            for client in clients {
                #expect(try client.call(.getStatus, as: GetStatusReply.self).status.node == "a")
            }
            #expect(try poor.events(.suspect).map(\.peer) == ["c"])
            // A thousand refusals are no thousand lines.
            #expect(poor.logLines.count { $0.contains("status socket wait") } < 12)
        }

        /// Lets a daemon have no more descriptors than a number, or than it has for 0.
        private func limit(_ daemon: TestDaemon, descriptors: Int) throws {
            let process = try #require(daemon.processID)
            let count = descriptors > 0 ? "\(descriptors)" : "$(ls /proc/\(process)/fd | wc -l)"
            try shell("prlimit --pid=\(process) --nofile=\(count):4096")
        }

        @Test("datagrams for which the kernel had no space are counted, and reported with the remedy")
        func receiveBuffer() throws {
            let cluster = try TestCluster()
            try cluster.start()
            let (daemon, sender) = (cluster["a"], try PortHolder())
            try daemon.send(SIGSTOP)
            try sender.send((0..<40_000).map { _ in [0xff] }, to: cluster.addresses[0])
            try daemon.send(SIGCONT)
            let isCounted = try eventually { try daemon.status().health.kernelDrops > 0 }
            #expect(isCounted)
            let isReported = eventually { daemon.logText.contains("net.core.rmem_max") }
            #expect(isReported, "\(daemon.logText)")
            try cluster.becomeTrusting()
            #expect(try !daemon.hasSuspected(), "\(daemon.logText)")
        }

        @Test(
            "with socket buffers for two or three datagrams no peer is suspected, and a crash is found",
            .enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"))
        func tinyBuffers() throws {
            let cluster = try TestCluster(["a", "b", "c", "d"])
            try cluster.start()
            let poor = cluster["a"]
            try shrinkBuffers(of: poor)
            #expect(try poor.hearsOn("b", microseconds: 3_000_000))
            #expect(try !poor.hasSuspected(), "\(poor.logText)")
            try cluster["b"].kill()
            let finds = try eventually { try poor.peer("b").state == .suspected }
            #expect(finds)
            #expect(try poor.events(.suspect).map(\.peer) == ["b"])
        }

        /// Gives the datagram sockets of another process the smallest receive buffer that there is.
        private func shrinkBuffers(of daemon: TestDaemon) throws {
            let program = """
                import ctypes, os, socket, sys
                pid, changed = int(sys.argv[1]), 0
                handle = os.pidfd_open(pid)
                for name in os.listdir(f"/proc/{pid}/fd"):
                    if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                        continue
                    inner = socket.socket(fileno=ctypes.CDLL(None).syscall(438, handle, int(name), 0))
                    if inner.type == socket.SOCK_DGRAM and inner.family in (socket.AF_INET, socket.AF_INET6):
                        inner.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
                        changed += 1
                sys.exit(0 if changed else 1)
                """
            let process = try #require(daemon.processID)
            let (status, text) = try Subprocess.run("/usr/bin/python3", ["-c", program, "\(process)"])
            try #require(status == 0, "\(text)")
        }

        private func shell(_ line: String) throws {
            let (status, text) = try Subprocess.run("/bin/sh", ["-c", line])
            try #require(status == 0, "\(line): \(text)")
        }
    }

    /// Whether file systems can be mounted in a namespace of one's own.
    static let canMountFileSystems: Bool = {
        let arguments = ["-rm", "/bin/sh", "-c", "mount -t tmpfs none /mnt"]
        guard
            var trial = try? ChildProcess("/usr/bin/unshare", arguments, output: .discard, errors: .discard)
        else { return false }
        return (try? trial.wait(timeout: 10 * second)) == .exited(0)
    }()
}

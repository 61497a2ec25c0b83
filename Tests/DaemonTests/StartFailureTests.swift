import CausalClock
import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

@testable import Daemon

extension RealDaemons {
    /// What keeps a daemon from starting is reported once, with its remedy, and with the exit code that systemd
    /// needs.
    @Suite("starts that fail")
    struct StartFailureTests {
        @Test("a bad configuration ends the start with 78 and all of its errors")
        func badConfiguration() throws {
            let cluster = try TestCluster(["a", "b"])
            let text = textOfFile(cluster["a"].configuration)
                .replacing("heartbeat_interval = \"100ms\"", with: "hartbeat_interval = \"100ms\"")
                .replacing("timeout = \"500ms\"", with: "timeout = 500")
                .replacing("[[peer]]\nid = \"b\"", with: "[[peer]]\nidd = \"b\"")
            try writeFile(text, to: cluster["a"].configuration)
            let said = try failedStart(cluster["a"], code: 78)
            for part in [
                "did you mean \"heartbeat_interval\"", "timeout", "did you mean \"id\"",
                "\(cluster["a"].configuration):",
            ] {
                #expect(said.contains(part), "\(part) is not in: \(said)")
            }
        }

        @Test("no configuration at all is reported with its path, and ends the start with 78")
        func noConfiguration() throws {
            let cluster = try TestCluster(["a"])
            unlink(cluster["a"].configuration)
            #expect(try failedStart(cluster["a"], code: 78).contains(cluster["a"].configuration))
        }

        @Test("a key file that is not there, and a credential that was not given, are named with the remedy")
        func missingKeys() throws {
            let cluster = try TestCluster(["a", "b"])
            let text = textOfFile(cluster["a"].configuration)
            try writeFile(text + "[security]\nkeys = [\"/none/k\"]\n", to: cluster["a"].configuration)
            let line = text.split(separator: "\n", omittingEmptySubsequences: false).count + 1
            let place = "\(cluster["a"].configuration):\(line): security.keys: cannot read the key"
            #expect(try failedStart(cluster["a"], code: 78).contains(place))
            try writeFile(text + "[security]\nkeys = [\"k\"]\n", to: cluster["a"].configuration)
            #expect(try failedStart(cluster["a"], code: 78).contains("add LoadCredential=k:FILE to the unit"))
        }

        @Test("a state directory that is not there is named, with the remedy")
        func missingStateDirectory() throws {
            let cluster = try TestCluster(["a", "b"])
            try changeStateDirectory(of: cluster["a"], to: "/missing")
            let said = try failedStart(cluster["a"])
            #expect(said.contains("\(cluster["a"].stateFolder)/missing"))
            #expect(said.contains("the directory does not exist; create it"))
        }

        @Test("a state directory that is a file is named, with the remedy")
        func stateDirectoryIsFile() throws {
            let cluster = try TestCluster(["a", "b"])
            try writeFile("", to: "\(cluster["a"].stateFolder)/file")
            try changeStateDirectory(of: cluster["a"], to: "/file")
            #expect(try failedStart(cluster["a"]).contains("is a file, not a directory"))
        }

        @Test(
            "a full disk is reported and keeps no daemon from watching; once there is space the epoch is stored",
            .enabled(if: RealDaemons.canMountFileSystems))
        func fullDisk() throws {
            let cluster = try TestCluster(["a", "b"])
            let folder = cluster["a"].stateFolder
            // A disk of a megabyte, in a namespace of its own, full of something else.
            let mount =
                "mount -t tmpfs -o size=1m,nr_inodes=32 none '\(folder)'; head -c 2m /dev/zero > '\(folder)/else' 2>/dev/null"
            try cluster["a"].launch(
                "/usr/bin/unshare",
                ["-rm", "/bin/sh", "-c", "\(mount); exec \"$0\" \"$@\"", Programs.daemon])
            try cluster["b"].launch()
            let daemon = cluster["a"]
            let root = "/proc/\(try #require(daemon.processID))/root"
            let isWatching = eventually { (try? StatusClient(root + daemon.socket)) != nil }
            #expect(isWatching, "\(daemon.logText)")
            let status = {
                try StatusClient(root + daemon.socket).call(.getStatus, as: GetStatusReply.self).status
            }
            let trusts = eventually {
                (try? status().trusted) == 1 && (try? cluster["b"].peer("a").state) == .trusted
            }
            #expect(trusts, "\(daemon.logText)")
            #expect(daemon.logText.contains("No space left on device; free some space"), "\(daemon.logText)")
            #expect(try status().unstored?.contains("cannot store the epoch") ?? false)
            #expect(unlink("\(root)\(folder)/else") == 0)
            let isHealed = eventually { (try? status().unstored) == .some(nil) }
            #expect(isHealed, "\(daemon.logText)")
            #expect(textOfFile("\(root)\(folder)/epoch") == "a \(try status().epoch)\n")
            #expect(daemon.logText.contains("the epoch is stored now"))
        }

        @Test(
            "a read-only state directory keeps no daemon from watching, and still belongs to one at a time",
            .enabled(if: RealDaemons.canMountFileSystems))
        func readOnlyDisk() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            try changeStateDirectory(of: daemon, to: "/ro")
            let folder = daemon.stateFolder + "/ro"
            let mount = "mkdir '\(folder)' && mount -t tmpfs -o ro none '\(folder)'"
            try daemon.launch(
                "/usr/bin/unshare",
                ["-rm", "/bin/sh", "-c", "\(mount) && exec \"$0\" \"$@\"", Programs.daemon])
            try cluster["b"].launch()
            try cluster.becomeTrusting()
            #expect(try daemon.status().unstored?.contains("Read-only file system") ?? false)
            // The wait for a second of its own at the start is no lateness of this host.
            #expect(try daemon.peer("b").detectionTimeBoundUSec ?? 0 < 2_000_000)
            #expect(try daemon.status().statusText.contains("the state directory cannot be written"))
        }

        @Test("an epoch file can be written over in place, for lack of space for a new one")
        func inPlace() throws {
            let folder = try TestFolder()
            let id = try #require(HostID("a"))
            let store = EpochStore(directory: folder.path)
            let first = try store.begin(id: id, wallClockSeconds: 1_800_000_000)
            #expect(first.unstored == nil)
            try DurableFile.overwrite(store.path, with: Array("a 17\n".utf8))
            #expect(try store.stored(for: id) == Epoch(17))
        }

        @Test("a state directory belongs to one daemon at a time, and is free again when that is killed")
        func stateDirectoryInUse() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster["a"].start()
            try edit(cluster["b"]) {
                $0.replacing(cluster["b"].stateFolder + "\"", with: cluster["a"].stateFolder + "\"")
            }
            #expect(try failedStart(cluster["b"]).contains("give every daemon a state_directory of its own"))
            try cluster["a"].kill()
            try cluster["a"].start()
        }

        @Test("a port in use is an error that says where to look, and takes no epoch")
        func portInUse() throws {
            let holder = try PortHolder()
            let cluster = try TestCluster(["a", "b"])
            let own = cluster.addresses[0].description
            try edit(cluster["a"]) { $0.replacing(own, with: holder.address.description) }
            let said = try failedStart(cluster["a"])
            #expect(
                said.contains("bind \(holder.address): Address already in use; is another suspectd running?"))
            #expect(textOfFile("\(cluster["a"].stateFolder)/epoch").isEmpty)
        }

        @Test(
            "a status socket that cannot be bound keeps no daemon from watching: it is bound when it can be")
        func statusSocketMissing() throws {
            let cluster = try TestCluster(["a", "b"])
            let folder = "\(cluster["a"].stateFolder)/none"
            try edit(cluster["a"]) { $0.replacing(cluster["a"].socket, with: "\(folder)/socket") }
            try cluster["a"].launch()
            try cluster["b"].start()
            let isWatching = try eventually { try cluster["b"].peer("a").state == .trusted }
            #expect(isWatching, "\(cluster["a"].logText)")
            let reported =
                "the status socket \(folder)/socket cannot be bound, so clients do not reach this daemon"
            let isReported = eventually { cluster["a"].logText.contains(reported) }
            #expect(isReported, "\(cluster["a"].logText)")
            #expect(mkdir(folder, 0o700) == 0)
            let isReached = eventually {
                let client = try? StatusClient("\(folder)/socket")
                return (try? client?.call(.getStatus, as: GetStatusReply.self).status.trusted) == 1
            }
            #expect(isReached, "\(cluster["a"].logText)")
            #expect(cluster["a"].logText.contains("the status socket \(folder)/socket is bound now"))
            #expect(cluster["a"].logText.ranges(of: reported).count == 1)
        }

        @Test(
            "a port for metrics that is in use keeps no daemon from watching: metrics are served when it is free"
        )
        func metricsPortInUse() throws {
            let cluster = try TestCluster(["a", "b"])
            var holder: TCPListener? = try TCPListener(
                binding: SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 0))
            let held: CInt? = holder?.raw
            let raw = try #require(held)
            let port = try SocketAddress(boundTo: raw).port
            try edit(cluster["a"]) {
                $0.replacing("[node]\n", with: "[node]\nmetrics_listen = \"127.0.0.1:\(port)\"\n")
            }
            try cluster.start()
            let reported =
                "metrics are not served; this is tried again every second: bind 127.0.0.1:\(port): "
            #expect(cluster["a"].logText.contains(reported), "\(cluster["a"].logText)")
            #expect(cluster["a"].logText.contains("another program listens there, see 'ss -ltnp'"))
            _ = holder.take()
            let script =
                "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /metrics HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3"
            let isServed = eventually {
                let page = try? Subprocess.run("/usr/bin/timeout", ["5", "/bin/bash", "-c", script]).text
                return page?.contains("suspectd_up 1") ?? false
            }
            #expect(isServed)
        }

        @Test("a status socket of another daemon is left to it, and taken over when that has gone")
        func statusSocketInUse() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let (first, second) = (cluster["a"], cluster["b"])
            try second.send(SIGTERM)
            #expect(try second.waitForEnd() == .exited(0))
            try edit(second) { $0.replacing(second.socket, with: first.socket) }
            try second.launch()
            let isReported = eventually {
                second.logText.contains("another daemon already serves \(first.socket)")
            }
            #expect(isReported, "\(second.logText)")
            #expect(try first.status().node == "a")
            try first.kill()
            let isTaken = eventually { (try? first.status().node) == "b" }
            #expect(isTaken, "\(second.logText)")
        }

        @Test("a wrong command line ends with 64")
        func usage() throws {
            var daemon = try ChildProcess(Programs.daemon, ["--nonsense"], output: .discard, errors: .discard)
            #expect(try daemon.wait(timeout: 10 * second) == .exited(64))
        }

        private func failedStart(_ daemon: TestDaemon, code: Int32 = 1) throws -> String {
            let before = daemon.logText
            try daemon.launch()
            #expect(try daemon.waitForEnd() == .exited(code))
            return String(daemon.logText.dropFirst(before.count))
        }

        private func changeStateDirectory(of daemon: TestDaemon, to suffix: String) throws {
            let line = "state_directory = \"\(daemon.stateFolder)"
            try edit(daemon) { $0.replacing(line + "\"", with: line + suffix + "\"") }
        }

        private func edit(_ daemon: TestDaemon, _ change: (String) -> String) throws {
            try writeFile(change(textOfFile(daemon.configuration)), to: daemon.configuration)
        }
    }
}

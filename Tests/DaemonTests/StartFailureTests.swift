import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What keeps a daemon from starting is told once, with its remedy, and with the exit code that systemd needs.
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

        @Test("no configuration at all is told with its path, and ends the start with 78")
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
            #expect(try failedStart(cluster["a"], code: 78).contains("cannot read the key"))
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
            "a full disk is an error with its remedy", .enabled(if: RealDaemons.canMountFileSystems))
        func fullDisk() throws {
            let cluster = try TestCluster(["a", "b"])
            let folder = cluster["a"].stateFolder
            // A disk of one page, in a namespace of its own, full of something else.
            let mount =
                "mount -t tmpfs -o size=4k,nr_inodes=8 none '\(folder)' && head -c 4096 /dev/zero > '\(folder)/else'"
            try cluster["a"].launch(
                "/usr/bin/unshare",
                ["-rm", "/bin/sh", "-c", "\(mount) && exec \"$0\" \"$@\"", Programs.daemon])
            #expect(try cluster["a"].waitForEnd() == .exited(1))
            #expect(
                cluster["a"].logText.contains("No space left on device; free some space"),
                "\(cluster["a"].logText)")
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

        @Test("a second daemon on the same status socket is refused, and the first goes on")
        func statusSocketInUse() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let (first, second) = (cluster["a"], cluster["b"])
            try second.send(SIGTERM)
            #expect(try second.waitForEnd() == .exited(0))
            try edit(second) { $0.replacing(second.socket, with: first.socket) }
            let said = try failedStart(second)
            #expect(said.contains("another daemon already serves \(first.socket)"), "\(said)")
            #expect(try first.status().node == "a")
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

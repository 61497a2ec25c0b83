import CausalClock
import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What daemons write of cause and effect, read by the tool that operators have.
    @Suite("the causal log of a real run")
    struct CausalLogTests {
        @Test("of a crash, a restart and a cut link is sound, opens in ShiViz, and can be drawn")
        func story() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            try cluster.start()
            try crashAndRestart(cluster)
            try cutAndHeal(cluster)
            let files = try stopAndGather(cluster)
            #expect(files.count == 4, "three hosts, one of them with two lives: \(files)")

            let verified = try Subprocess.run(Programs.control, ["verify"] + files)
            #expect(verified.status == 0, "\(verified.text)")
            #expect(verified.text.hasPrefix("sound: ") || verified.text.hasPrefix("crash: "))

            let exported = try Subprocess.run(Programs.control, ["export", "--shiviz"] + files)
            let events = try #require(ShiVizRules.events(in: exported.text))
            #expect(ShiVizRules.refusal(of: events) == nil)
            #expect(Set(events.map(\.host)).count == 4)
            for kind in [
                "START", "STOP", "SEND", "RECEIVE", "PENDING", "SUSPECT", "TRUST", "RESTART", "CONFIG",
            ] {
                #expect(events.contains { $0.text.contains(" \(kind)") }, "no \(kind)")
            }

            let drawn = try Subprocess.run(Programs.control, ["export", "--svg", "--states"] + files)
            #expect(drawn.text.hasPrefix("<svg") || drawn.text.hasPrefix("<?xml"))
            #expect(drawn.text.contains("proved false"))
        }

        /// A crash, which every host calls one, and a new incarnation.
        private func crashAndRestart(_ cluster: TestCluster) throws {
            try cluster["c"].kill()
            let suspected = try eventually {
                try ["a", "b"].allSatisfy { try cluster[$0].peer("c").state == .suspected }
            }
            #expect(suspected)
            try cluster["c"].start()
            try cluster.becomeTrusting()
        }

        /// A link between two hosts that breaks, in both directions, and works again.
        private func cutAndHeal(_ cluster: TestCluster) throws {
            let void = try PortHolder()
            let whole = ["a", "c"].map { (cluster[$0], textOfFile(cluster[$0].configuration)) }
            for (place, other) in zip([0, 1], [2, 0]) {
                let (daemon, text) = whole[place]
                try writeFile(
                    text.replacing("\(cluster.addresses[other])", with: "\(void.address)"),
                    to: daemon.configuration)
                try daemon.send(SIGHUP)
            }
            let suspected = try eventually {
                try cluster["a"].peer("c").state == .suspected && cluster["c"].peer("a").state == .suspected
            }
            #expect(suspected)
            for (daemon, text) in whole {
                try writeFile(text, to: daemon.configuration)
                try daemon.send(SIGHUP)
            }
            try cluster.becomeTrusting()
        }

        /// Ends all daemons as planned and names their logs.
        private func stopAndGather(_ cluster: TestCluster) throws -> [String] {
            for daemon in cluster.daemons {
                try daemon.send(SIGTERM)
                #expect(try daemon.waitForEnd() == .exited(0))
            }
            return try cluster.daemons.flatMap { try $0.causalLogs() }
        }

        @Test(
            "of a disk that does not take it has a gap that it explains; the daemon says so once and watches on"
        )
        func trouble() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            // The next incarnation takes the epoch after the stored one, so the name of its log is known:
            // something is there.
            let epoch = Epoch(wallClockSeconds: UInt64(Clocks.realtime() / second)).value + 3_600
            try writeFile("a \(epoch)\n", to: "\(daemon.stateFolder)/epoch")
            let blocked = "\(daemon.stateFolder)/a@\(epoch + 1)-Log.txt"
            try #require(mkdir(blocked, 0o755) == 0)
            try cluster.start()
            let says = eventually { daemon.logText.contains("cannot write the causal log") }
            #expect(says)
            let failing = try #require(try daemon.status().causalLog)
            #expect(failing.lost > 0 && failing.failing?.contains(blocked) == true, "\(failing)")
            let shown = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "status"])
            #expect(shown.text.contains("causal log     cannot be written: "), "\(shown.text)")
            #expect(rmdir(blocked) == 0)
            let recovers = eventually { daemon.logText.contains("the causal log is written again") }
            #expect(recovers)
            let written = try #require(try daemon.status().causalLog)
            #expect(written.failing == nil && written.lost >= failing.lost)
            #expect(daemon.logLines.count { $0.contains("causal log") } == 2, "\(daemon.logText)")
            #expect(try !daemon.hasSuspected())

            let files = try stopAndGather(cluster)
            let verified = try Subprocess.run(Programs.control, ["verify"] + files)
            #expect(verified.status == 1)
            #expect(
                verified.text.contains(" never written: its disk was full or too slow"))
            #expect(verified.text.contains(": 0 problems, 1 gap"), "\(verified.text)")
            #expect(try Subprocess.run(Programs.control, ["verify", "--partial"] + files).status == 0)
        }

        @Test("has state changes alone when that is asked for, and is still in order")
        func statesOnly() throws {
            let cluster = try TestCluster(detection: TestCluster.lan)
            for daemon in cluster.daemons {
                let text = textOfFile(daemon.configuration)
                try writeFile(
                    text.replacing("[detection]", with: "causal_log_states_only = true\n[detection]"),
                    to: daemon.configuration)
            }
            try cluster.start()
            try crashAndRestart(cluster)
            let files = try stopAndGather(cluster)
            let text = files.map(textOfFile).joined()
            #expect(!text.contains(" SEND ") && !text.contains(" RECEIVE ") && text.contains(" SUSPECT "))
            #expect(try Subprocess.run(Programs.control, ["verify", "--partial"] + files).status == 0)
            let exported = try Subprocess.run(Programs.control, ["export", "--shiviz"] + files)
            let events = try #require(ShiVizRules.events(in: exported.text))
            #expect(ShiVizRules.refusal(of: events) == nil)
            // The new incarnation of c followed the suspicion that the old one caused.
            let suspicion = try #require(
                events.first { $0.host.hasPrefix("a@") && $0.text.contains(" SUSPECT peer=c") })
            let trust = try #require(
                events.last { $0.host.hasPrefix("c@") && $0.text.contains(" TRUST peer=a") })
            #expect(ShiVizRules.precedes(suspicion, trust))
        }

        @Test("is not there when it is turned off")
        func off() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            let text = textOfFile(daemon.configuration)
            try writeFile(
                text.replacing("[detection]", with: "causal_log = false\n[detection]"),
                to: daemon.configuration)
            try cluster.start()
            #expect(try daemon.causalLogs().isEmpty && cluster["b"].causalLogs().count == 1)
        }
    }
}

extension TestDaemon {
    /// The files of its causal log.
    func causalLogs() throws -> [String] {
        let directory = try #require(opendir(stateFolder))
        defer { closedir(directory) }
        var files: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix("-Log.txt") { files.append("\(stateFolder)/\(name)") }
        }
        return files.sorted()
    }
}

import CausalClock
import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// What is reported to operators of peers that are refused, unreachable, removed, or silent with most others.
    @Suite("reports")
    struct ReportTests {
        @Test(
            "what is refused from a peer's address is reported and shown with the peer, whatever strangers flood before"
        )
        func refused() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            try daemon.start()
            let junk = (0..<5_000).map { _ in [UInt8](repeating: 7, count: 40) }
            try PortHolder().send(junk, to: cluster.addresses[0])
            let isFlooded = try eventually { try daemon.status().strangers?.count ?? 0 > 1_000 }
            #expect(isFlooded)
            #expect(try daemon.peer("b").refused == nil)
            try PortHolder(host: cluster.addresses[1]).send([[7, 7, 7]], to: cluster.addresses[0])
            let isShown = try eventually { try daemon.why("b").peer.refused?.count == 1 }
            #expect(isShown)
            let line = daemon.logLines.last { $0.contains("from the address of b") }
            #expect(line?.contains("refused a datagram from the address of b (") == true, "\(daemon.logText)")
            let shown = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "status"])
            #expect(shown.text.contains("refused from b  1 datagram ("), "\(shown.text)")
            #expect(shown.text.contains("from strangers"))
        }

        @Test("what cannot be sent to a peer is reported and shown with the error and what it means")
        func unsent() throws {
            let cluster = try TestCluster(["a", "b"])
            let daemon = cluster["a"]
            try writeFile(
                textOfFile(daemon.configuration).replacing(
                    "\"\(cluster.addresses[1])\"", with: "\"[::1]:\(cluster.addresses[1].port)\""),
                to: daemon.configuration)
            try daemon.start()
            let isShown = try eventually { try daemon.peer("b").unsent?.count ?? 0 > 0 }
            #expect(isShown)
            let unsent = try #require(try daemon.peer("b").unsent)
            #expect(unsent.error.contains("not supported") && unsent.advice.contains("family"), "\(unsent)")
            #expect(
                daemon.logText.contains("a datagram to b could not be sent (Address family not supported"))
            let shown = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "status"])
            #expect(shown.text.contains("not sent to b"), "\(shown.text)")
            #expect(!shown.text.contains("refused: not-sent"))
        }

        @Test("a peer that a reload removes is reported, and stays in the audit")
        func removed() throws {
            let cluster = try TestCluster()
            let daemon = cluster["a"]
            try cluster.start()
            try cluster["c"].kill()
            let isSuspected = try eventually { try daemon.peer("c").state == .suspected }
            #expect(isSuspected)
            let peer = "[[peer]]\nid = \"c\"\naddress = \"\(cluster.addresses[2])\"\n"
            try writeFile(
                textOfFile(daemon.configuration).replacing(peer, with: ""), to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isRemoved = try eventually { try !daemon.events(.removed, of: "c").isEmpty }
            #expect(isRemoved)
            let wait = try Subprocess.run(
                Programs.control, ["--socket", daemon.socket, "wait", "c", "--timeout", "1min"])
            #expect(wait.status == 4)
            let event = try #require(try daemon.events(.removed, of: "c").first)
            #expect(event.cause == .crash || event.cause == .link || event.cause == .unknown)
            #expect(event.evidence.reason.contains("it was suspected"))
            let audit = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "audit", "c"])
            #expect(audit.text.contains("c: 1 suspicion"), "\(audit.text)")
        }

        @Test(
            "a peer that had left when a reload removed it is still away when another adds it, which is said")
        func addedAgain() throws {
            let cluster = try TestCluster()
            let daemon = cluster["a"]
            try cluster.start()
            try cluster["c"].send(SIGTERM)
            let hasLeft = try eventually { try daemon.peer("c").state == .left }
            #expect(hasLeft)
            let text = textOfFile(daemon.configuration)
            let peer = "[[peer]]\nid = \"c\"\naddress = \"\(cluster.addresses[2])\"\n"
            for next in [text.replacing(peer, with: ""), text] {
                try writeFile(next, to: daemon.configuration)
                let reload = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "reload"])
                #expect(reload.status == 0, "\(reload.text)")
            }
            #expect(try daemon.peer("c").state == .left)
            let isSaid = eventually {
                daemon.logText.contains("watched again, and still away as planned: c")
            }
            #expect(isSaid)
        }

        @Test(
            "each of those that fell silent with most others is reported as a suspect, and the texts say which are heard"
        )
        func isolated() throws {
            let cluster = try TestCluster(["a", "b", "c", "d", "e"])
            let daemon = cluster["a"]
            try cluster.start()
            for id in ["c", "d", "e"] { try cluster[id].send(SIGSTOP) }
            let silent = ["c", "d", "e"]
            let areReported = try eventually {
                try silent.allSatisfy { id in
                    try daemon.events(.suspect, of: id).contains { $0.cause == .isolated }
                }
            }
            #expect(areReported)
            let reason = try daemon.why("d").evidence.reason
            #expect(reason.contains("3 of 4 peers fell silent together, and b is heard"), "\(reason)")
            let check = try Subprocess.run(Programs.control, ["--socket", daemon.socket, "check"])
            #expect(check.status == 2)
            #expect(check.text.contains("3 of 4 peers fell silent together, and b is heard"), "\(check.text)")
            for id in silent { try cluster[id].send(SIGCONT) }
        }

        @Test("the logs of a host that came back with too low an epoch, and took a later one, are sound")
        func renewed() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let (daemon, file) = (cluster["a"], "\(cluster["a"].stateFolder)/epoch")
            let first = try daemon.status().epoch
            let later = first + 3_600
            try daemon.kill()
            try writeFile("a \(later)\n", to: file)
            try daemon.start()
            try cluster.becomeTrusting()
            try daemon.kill()
            unlink(file)
            // Epochs are seconds, and without the file only the clock keeps the next from being the first again.
            let hasPassed = eventually {
                Epoch(wallClockSeconds: UInt64(Clocks.realtime() / second)).value > UInt64(first)
            }
            #expect(hasPassed)
            try daemon.start()
            let isRenewed = try eventually { try daemon.status().epoch > later }
            #expect(isRenewed)
            try cluster.becomeTrusting()
            for daemon in cluster.daemons {
                try daemon.send(SIGTERM)
                #expect(try daemon.waitForEnd() == .exited(0))
            }
            let files = try cluster.daemons.flatMap { try $0.causalLogs() }
            #expect(files.count >= 4, "\(files)")
            let verified = try Subprocess.run(Programs.control, ["verify", "--partial"] + files)
            #expect(verified.status == 0, "\(verified.text)")
        }
    }
}

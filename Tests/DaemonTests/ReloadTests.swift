import Glibc
import LinuxIO
import StatusAPI
import TestSupport
import Testing

extension RealDaemons {
    /// SIGHUP: a good configuration is taken, a bad one leaves everything as it was.
    @Suite("reload")
    struct ReloadTests {
        @Test("a new peer appears, the old ones keep their state, and the history stays")
        func good() throws {
            let cluster = try TestCluster()
            let daemon = cluster["a"]
            let whole = textOfFile(daemon.configuration)
            let peer = "[[peer]]\nid = \"c\"\naddress = \"\(cluster.addresses[2])\"\n"
            try writeFile(whole.replacing(peer, with: ""), to: daemon.configuration)
            for daemon in cluster.daemons { try daemon.launch() }
            let trustsOne = eventually {
                (try? daemon.peers().map(\.state)) == [.trusted]
            }
            #expect(trustsOne)
            let since = try daemon.peer("b").sinceUSec

            try writeFile(whole, to: daemon.configuration)
            try daemon.send(SIGHUP)
            try cluster.becomeTrusting()
            let trustsBoth = try eventually { try daemon.peers().map(\.state) == [.trusted, .trusted] }
            #expect(trustsBoth)
            #expect(try abs(daemon.peer("b").sinceUSec - since) < 100_000)
            #expect(try daemon.events(.trust).map(\.peer) == ["b", "c"])
            #expect(try daemon.events(.config).count == 1)
            #expect(try daemon.status().configuration.lastReloadFailed == nil)
        }

        @Test("more and quicker peers get larger receive buffers, or the log says what limits them")
        func receiveBuffers() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let port = cluster.addresses[0].port
            let before = try receiveBuffer(ofPort: port)
            // Two hundred peers at 20 ms: 10,000 datagrams a second, answers included, are 20 MB in a second.
            let many = (1...200).map { "[[peer]]\nid = \"p\($0)\"\naddress = \"127.0.1.\($0):9\"\n" }
            try writeFile(
                textOfFile(daemon.configuration).replacing(
                    "heartbeat_interval = \"100ms\"", with: "heartbeat_interval = \"20ms\"")
                    + many.joined(), to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isTaken = try eventually { try daemon.peers().count == 201 }
            #expect(isTaken)
            let hasSpace = try eventually {
                try receiveBuffer(ofPort: port) >= max(before, 20_000_000)
                    || daemon.logText.contains("of heartbeats for this node")
            }
            #expect(hasSpace, "\(before) bytes before; \(daemon.logText)")
        }

        /// The bytes that the kernel keeps for the UDP socket on a port, by ss(8).
        private func receiveBuffer(ofPort port: UInt16) throws -> Int {
            let line = "PATH=$PATH:/usr/sbin:/sbin ss -Hulnm 'sport = :\(port)'"
            let (status, text) = try Subprocess.run("/bin/sh", ["-c", line])
            try #require(status == 0, "\(text)")
            let part = try #require(
                text.split(separator: "skmem:").last?.split(separator: ",rb").dropFirst().first)
            return try #require(Int(part.prefix { $0.isNumber }))
        }

        @Test("a bad file is refused, reported, and changes nothing; the next good one is taken")
        func bad() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let good = textOfFile(daemon.configuration)
            let before = try daemon.status().configuration
            try writeFile(good.replacing("detector", with: "detecter"), to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isRefused = try eventually { try daemon.status().configuration.lastReloadFailed != nil }
            #expect(isRefused)
            let after = try daemon.status().configuration
            #expect(after.lastReloadFailed?.contains("did you mean \"detector\"") == true)
            #expect(abs(after.loadedUSec - before.loadedUSec) < 100_000)
            #expect(
                try daemon.events(.config).last?.evidence.reason.contains("keeping the previous one") == true)
            #expect(try daemon.peer("b").state == .trusted)
            let refusal = "; configuration refused, keeping the previous one: \(daemon.configuration)"
            #expect(try daemon.status().statusText.contains(refusal))

            try writeFile(good, to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isTaken = try eventually { try daemon.status().configuration.lastReloadFailed == nil }
            #expect(isTaken)
            #expect(try !daemon.status().statusText.contains("refused"))
            #expect(try !daemon.hasSuspected())
        }

        @Test(
            "a file with two hundred errors is one short note in the log, which says where to see all of them"
        )
        func manyErrors() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let twins = (1...200).map { "[[peer]]\nid = \"p\($0)\"\naddress = \"127.0.0.1:9\"\n" }
            try writeFile(textOfFile(daemon.configuration) + twins.joined(), to: daemon.configuration)
            try daemon.send(SIGHUP)
            let isReported = eventually {
                daemon.logText.contains("and 189 more, see \"suspectctl config check")
            }
            #expect(isReported, "\(daemon.logText)")
            #expect(daemon.logText.utf8.count < 8_000)
            #expect(try !daemon.hasSuspected())
        }

        @Test("what only a start can change is refused with that reason")
        func fixedKeys() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            try writeFile(
                textOfFile(daemon.configuration).replacing(daemon.socket + "\"", with: daemon.socket + "2\""),
                to: daemon.configuration)
            #expect(throws: StatusClient.Refused.self) {
                try daemon.client().call(.reload, as: ReloadReply.self)
            }
            let reason = try daemon.status().configuration.lastReloadFailed ?? ""
            let expected =
                /\.toml:[0-9]+: node\.status_socket: cannot change while the daemon runs; restart it: systemctl restart suspectd/
            #expect(reason.contains(expected), "\(reason)")
        }

        @Test("what follows from other keys, and cannot change, is said to follow, with both values")
        func followingKeys() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let daemon = cluster["a"]
            let port = cluster.addresses[0].port
            let text = textOfFile(daemon.configuration).replacing(
                "127.0.0.1:\(port)\"", with: "127.0.0.1:9\"")
            try writeFile(text, to: daemon.configuration)
            #expect(throws: StatusClient.Refused.self) {
                try daemon.client().call(.reload, as: ReloadReply.self)
            }
            let reason = try daemon.status().configuration.lastReloadFailed ?? ""
            let expected =
                "node.listen: follows from the [[peer]] list, as no file sets it, and would be 127.0.0.1:9 instead of 127.0.0.1:\(port), "
            #expect(reason.contains(expected) && reason.hasSuffix("systemctl restart suspectd"), "\(reason)")
        }
    }
}

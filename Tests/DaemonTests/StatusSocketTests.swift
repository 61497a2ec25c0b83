import Glibc
import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// What clients of the status socket can do to a daemon: cost it their connection.
    @Suite("clients of the status socket")
    struct StatusSocketTests {
        @Test(
            "a client that sends what is no call is disconnected",
            arguments: [
                ("garbage", Array("hello\0".utf8)),
                ("bytes that are no text", [0xff, 0xfe, 0x80, 0]),
                ("an empty message", [0]),
                ("a number", Array("42\0".utf8)),
                ("deep brackets", [UInt8](repeating: UInt8(ascii: "["), count: 60_000) + [0]),
                ("a megabyte", [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)),
            ])
        func nonsense(what: String, bytes: [UInt8]) throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let client = try cluster["a"].client()
            _ = try client.send(bytes)
            #expect(try client.isClosed(), "\(what)")
            #expect(try cluster["a"].status().trusted == 1)
            #expect(try !cluster["a"].hasSuspected())
        }

        @Test(
            "a client that sends half a message and goes is forgotten; one that waits with the other half is served"
        )
        func half() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let call = try VarlinkMessage.call(MonitorMethod.getStatus.fullName).bytes
            let (first, second) = (Array(call.prefix(20)), Array(call.dropFirst(20)))
            let goes = try cluster["a"].client()
            try goes.send(first)
            try goes.finishWriting()
            #expect(try goes.isClosed())
            let waits = try cluster["a"].client()
            try waits.send(first)
            #expect(try cluster["a"].status().trusted == 1)
            try waits.send(second)
            let reply = try waits.nextReply()?.parameters(GetStatusReply.self)
            #expect(reply?.status.node == "a")
        }

        @Test("a client that calls and never reads is disconnected, and the detector continues")
        func callsWithoutReading() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let client = try cluster["a"].client()
            let calls = Array(
                repeatElement(try VarlinkMessage.call(MonitorMethod.listPeers.fullName).bytes, count: 64)
                    .joined())
            // More than both sockets and both buffers hold.
            let isCutOff = try eventually { try !client.send(calls) }
            #expect(isCutOff)
            #expect(try client.isClosed())
            #expect(try cluster["a"].status().trusted == 1)
            #expect(try !cluster["a"].hasSuspected())
        }

        @Test("a subscriber that does not read is disconnected, and only it")
        func slowSubscriber() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            let (slow, caller) = (try cluster["a"].client(), try cluster["a"].client())
            try slow.send(VarlinkMessage.call(MonitorMethod.subscribe.fullName, more: true).bytes)
            // Each reload is an event; so many are more than the socket and the daemon keep for one subscriber.
            for _ in 0..<1_500 { _ = try caller.call(.reload, as: ReloadReply.self) }
            #expect(try slow.isClosed())
            #expect(try caller.call(.getStatus, as: GetStatusReply.self).status.trusted == 1)
            #expect(try !cluster["a"].hasSuspected())
        }

        @Test(
            "a hundred and fifty clients of the daemon's own user simultaneously: all but the last few are served, and those turned away"
        )
        func crowd() throws {
            let cluster = try TestCluster(["a", "b"])
            try cluster.start()
            var clients = try (0..<150).map { _ in try cluster["a"].client() }
            var served = 0
            for client in clients {
                guard let reply = try? client.call(.getStatus, as: GetStatusReply.self) else {
                    #expect(try client.isClosed())
                    continue
                }
                served += reply.status.trusted
            }
            #expect((140...144).contains(served), "\(served)")
            clients = []
            let isServed = eventually { (try? cluster["a"].status().trusted) == 1 }
            #expect(isServed)
            #expect(try !cluster["a"].hasSuspected())
        }

        @Test("the service describes itself to any Varlink client")
        func introspection() throws {
            let cluster = try TestCluster(["a"])
            try cluster["a"].start()
            let client = try cluster["a"].client()
            try client.send(VarlinkMessage.call("org.varlink.service.GetInfo").bytes)
            let information = try client.nextReply()?.parameters(VarlinkServiceInformation.self)
            #expect(
                information?.interfaces == [
                    "io.suspectd.Monitor", "io.systemd.service", "org.varlink.service",
                ])
        }

        @Test("the socket is gone after a planned stop, and one that a crash left is replaced")
        func socketFile() throws {
            let cluster = try TestCluster(["a"])
            let daemon = cluster["a"]
            try daemon.start()
            try daemon.kill()
            #expect(access(daemon.socket, F_OK) == 0)
            try daemon.start()
            try daemon.send(SIGTERM)
            #expect(try daemon.waitForEnd() == .exited(0))
            #expect(access(daemon.socket, F_OK) != 0)
        }
    }
}

import LinuxIO
import StatusAPI
import Testing

extension RealDaemons {
    /// Where peers are found.
    @Suite("addresses of peers")
    struct AddressTests {
        @Test("daemons on ::1 trust each other", .enabled(if: hasIPv6))
        func ipv6() throws {
            let cluster = try TestCluster(["a", "b"], host: "::1")
            try cluster.start()
            #expect(try cluster["a"].peer("b").address == cluster.addresses[1].description)
        }

        @Test("peers are found by name")
        func names() throws {
            let cluster = try TestCluster(["a", "b"], host: "localhost")
            try cluster.start()
            let address = try #require(SocketAddress(parsing: try cluster["a"].peer("b").address))
            #expect(address.isLoopback && address.port == cluster.addresses[1].port)
        }

        @Test("a name that does not resolve harms no other host, and `why` says so")
        func unresolvable() throws {
            let cluster = try TestCluster(["a", "b"], strangers: [("z", "no-such-host.invalid:7946")])
            // Where no name server answers, that is to be found out soon.
            for daemon in cluster.daemons {
                try daemon.start(environment: ["RES_OPTIONS=timeout:1 attempts:1"])
            }
            let trusts = try eventually { try cluster["a"].peer("b").state == .trusted }
            #expect(trusts)
            let says = try eventually(within: 20) {
                try cluster["a"].why("z").evidence.reason.contains("its name cannot be resolved")
            }
            #expect(says)
            #expect(try cluster["a"].peer("z").address == "no-such-host.invalid:7946")
            #expect(try cluster["a"].peer("b").state == .trusted)
        }

        private static let hasIPv6 = (try? PortHolder(isIPv6: true)) != nil
    }
}

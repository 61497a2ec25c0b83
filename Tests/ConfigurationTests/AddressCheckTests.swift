import Testing

@testable import Configuration

@Suite("the addresses of peers and of this node are checked")
struct AddressCheckTests {
    private func made(_ address: String, listen: String? = nil, own: String? = nil) -> ConfigurationFolder? {
        var text = "[node]\nid = \"me\"\n"
        if let listen { text += "listen = [\(listen)]\n" }
        text += "[security]\nallow_unauthenticated = true\n"
        if let own { text += "[[peer]]\nid = \"me\"\naddress = \"\(own)\"\n" }
        text += "[[peer]]\nid = \"b\"\naddress = \"\(address)\"\n"
        return try? ConfigurationFolder(main: text)
    }

    @Test(
        "an address that is no single host's is refused",
        arguments: [
            ("0.0.0.0:7946", "the unspecified address"), ("[::]:7946", "the unspecified address"),
            ("[::ffff:0.0.0.0]:7946", "the unspecified address"), ("224.0.0.1:7946", "a multicast address"),
            ("239.1.2.3:7946", "a multicast address"), ("[ff02::1]:7946", "a multicast address"),
            ("255.255.255.255:7946", "the broadcast address"), ("0.1.2.3:7946", "an address of no host"),
        ])
    func noHost(address: String, kind: String) throws {
        let errors = try #require(made(address)).errors()
        #expect(errors.count == 1)
        #expect(errors.first?.contains("peer[b].address: \"\(address)\" is \(kind)") == true, "\(errors)")
    }

    @Test(
        "a peer where this node itself listens is warned of: a host that was renamed may find itself among the peers",
        arguments: [
            ("10.0.0.1:7946", "\"10.0.0.1:7946\""), ("127.0.0.1:7946", "\"0.0.0.0:7946\""),
            ("[::1]:7946", "\"[::]:7946\""), ("[2001:db8::1]:7946", "\"[2001:DB8:0::1]:7946\""),
            ("[fe80::1%eth0]:7946", "\"[fe80::1%eth0]:7946\""),
        ])
    func ourselves(address: String, listen: String) throws {
        let warnings = try #require(made(address, listen: listen)).warnings()
        #expect(warnings.count == 1)
        #expect(
            warnings.first?.contains("is where this node itself listens (\(listen))") == true, "\(warnings)")
    }

    @Test(
        "what is no mistake is none",
        arguments: [
            ("10.0.0.2:7946", nil), ("[2001:db8::2]:7946", nil), ("b.example:7946", "\"0.0.0.0:7946\""),
            ("127.0.0.1:7947", "\"0.0.0.0:7946\""), ("[fe80::1%eth1]:7946", "\"[fe80::1%eth0]:7946\""),
            ("[::ffff:10.0.0.2]:7946", "\"0.0.0.0:7946\""),
        ] as [(String, String?)])
    func good(address: String, listen: String?) throws {
        let folder = try #require(made(address, listen: listen))
        #expect(try folder.warnings() == [])
    }

    @Test("the entry of this node may have the address that it listens on")
    func ownEntry() throws {
        let folder = try #require(
            made("10.0.0.2:7946", listen: "\"10.0.0.1:7946\"", own: "10.0.0.1:7946"))
        #expect(try folder.warnings() == [])
    }

    @Test(
        "a peer of a family that no listener has is warned of",
        arguments: [
            ("10.84.0.2:7946", "[::]:7946", "0.0.0.0:7946"),
            ("[2001:db8::2]:7946", "0.0.0.0:7946", "[::]:7946"),
        ])
    func family(address: String, listen: String, remedy: String) throws {
        let warnings = try #require(made(address, listen: "\"\(listen)\"")).warnings()
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("nothing can be sent to it; add \"\(remedy)\" to listen") == true)
    }

    @Test("a link-local peer without an interface is warned of")
    func zone() throws {
        let warnings = try #require(made("[fe80::2]:7946")).warnings()
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("write \"[fe80::2%eth0]:7946\"") == true, "\(warnings)")
    }

    @Test("listening on another port than the others send to is warned of")
    func port() throws {
        let warnings = try #require(
            made("10.0.0.2:7946", listen: "\"0.0.0.0:7947\"", own: "10.0.0.1:7946")
        ).warnings()
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("listens on port 7947") == true, "\(warnings)")
    }

    @Test("an address that a wildcard includes, or that is no host's, is none to listen on")
    func listen() throws {
        let covered = try #require(made("b:1", listen: "\"0.0.0.0:1\", \"10.0.0.1:1\"")).errors()
        #expect(
            covered.count == 1 && covered[0].contains("is among the addresses that \"0.0.0.0:1\" stands for"))
        let multicast = try #require(made("b:1", listen: "\"224.0.0.1:1\"")).errors()
        #expect(multicast.count == 1 && multicast[0].contains("is a multicast address"))
        #expect(
            try #require(made("b:1", listen: "\"0.0.0.0:1\", \"10.0.0.1:2\", \"[::]:1\"")).warnings() == [])
    }

    @Test(
        "an IPv6 address without brackets gets the remedy that is meant",
        arguments: [
            ("::1:7946", "write \"[::1]:7946\" if 7946 is the port, or \"[::1:7946]:7946\""),
            ("2001:db8::1", "write \"[2001:db8::1]:7946\""), ("::1", "write \"[::1]:7946\""),
        ])
    func brackets(address: String, remedy: String) throws {
        let errors = try #require(made(address)).errors()
        #expect(errors.first?.hasSuffix(remedy) == true, "\(errors)")
    }
}

import Testing

@testable import Configuration

@Suite("An address")
struct NetworkAddressTests {
    @Test(
        "is a name, an IPv4 or a bracketed IPv6 address with a port",
        arguments: [
            ("db2.example.net:7946", NetworkAddress.Kind.name), ("db_2:1", .name),
            ("localhost.:65535", .name),
            ("192.0.2.1:7946", .ipv4), ("[::1]:7946", .ipv6), ("[2001:db8::2]:7946", .ipv6),
            ("[fe80::1%eth0]:7946", .ipv6),
        ])
    func valid(text: String, kind: NetworkAddress.Kind) throws {
        let address = try NetworkAddress.parse(text)
        #expect(address.kind == kind)
        #expect(address.description == text)
    }

    @Test(
        "is refused with the remedy",
        arguments: [
            ("db2", "\"db2\" lacks a port; write host:port, as in \"db2:7946\""),
            ("", "\"\" lacks a port; write host:port, as in \"db1.example.net:7946\""),
            ("[::1]", "\"[::1]\" lacks a port; write host:port, as in \"[::1]:7946\""),
            ("::1", "\"::1\" lacks brackets around the IPv6 address, or a port; write \"[::1]:7946\""),
            ("db2:0", "\"db2:0\" has the port \"0\"; write a port from 1 to 65535 after the last colon"),
            (
                "db2:65536",
                "\"db2:65536\" has the port \"65536\"; write a port from 1 to 65535 after the last colon"
            ),
            ("db2:+5", "\"db2:+5\" has the port \"+5\"; write a port from 1 to 65535 after the last colon"),
            (
                "db2:http",
                "\"db2:http\" has the port \"http\"; write a port from 1 to 65535 after the last colon"
            ),
        ])
    func refused(text: String, message: String) {
        expectRefusal(of: text, message)
    }

    @Test(
        "is refused when its host cannot be one",
        arguments: [
            "1.2.3.400:7946", "db 2:7946", "-db2:7946", ":7946", "a..b:7946", "[db2]:7946", "[::1:7946",
            "dö:7946",
            "[fe80::1%]:7946", "[fe80::1%a b]:7946", "http://db2:7946", "[1.2.3.4]:7946",
        ])
    func malformed(text: String) {
        let forms = "write \"host:port\", \"192.0.2.1:port\" or \"[2001:db8::1]:port\""
        expectRefusal(of: text, "\"\(text)\" is not an address; \(forms)")
    }

    @Test(
        "knows whether it is loopback",
        arguments: [
            ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("[0:0::1]:1", true),
            ("localhost:1", true),
            ("0.0.0.0:1", false), ("[::]:1", false), ("192.0.2.1:1", false), ("127.example.net:1", false),
        ])
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try NetworkAddress.parse(text).isLoopback == isLoopback)
    }

    private func expectRefusal(of text: String, _ message: String) {
        do throws(NetworkAddress.Failure) {
            _ = try NetworkAddress.parse(text)
            Issue.record("\(text) was accepted")
        } catch {
            #expect("\(error.problem); \(error.remedy)" == message)
        }
    }
}

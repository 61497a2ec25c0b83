import Glibc
import Testing

@testable import LinuxIO

/// Parsing, printing and the form the kernel reads.
struct SocketAddressTests {
    @Test(
        "a numeric address is printed as it was written",
        arguments: [
            "1.2.3.4:7946", "0.0.0.0:0", "255.255.255.255:65535", "[::]:7946", "[::1]:1",
            "[2001:db8::7:0:1]:7946", "[fe80::1%lo]:7946", "[fe80::1%4000000000]:7946",
        ])
    func roundTrip(text: String) {
        #expect(SocketAddress(parsing: text)?.description == text)
    }

    @Test("an interface is shown by its name, as it was written or not")
    func zone() {
        #expect(SocketAddress(parsing: "[fe80::1%1]:7946")?.description == "[fe80::1%lo]:7946")
    }

    @Test(
        "what is no numeric address with a port is refused",
        arguments: [
            "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:+1", "1.2.3.4:-1", "1.2.3:7",
            "1.2.3.4.5:7",
            "01.2.3.4:7", "localhost:7", "::1:7946", "[::1]", "[::1]7946", "[1.2.3.4]:7", "[::1:7", "::1]:7",
            "[::1%]:7", "[::1%nosuchif]:7", "1.2.3.4:７", "[:::1]:7", "1.2.3.4%1:7",
        ])
    func refused(text: String) {
        #expect(SocketAddress(parsing: text) == nil)
    }

    @Test("an IPv4-mapped address is the IPv4 address")
    func mapped() {
        let mapped = SocketAddress(parsing: "[::ffff:192.0.2.1]:7946")
        #expect(mapped == SocketAddress(parsing: "192.0.2.1:7946"))
        #expect(mapped?.isIPv4 == true)
    }

    @Test("loopback and unspecified addresses are known, and their neighbours are not")
    func kinds() throws {
        let loopback = ["127.0.0.1:1", "127.255.0.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"]
        let unspecified = ["0.0.0.0:1", "[::]:1"]
        let neither = ["128.0.0.1:1", "0.0.0.1:1", "[::2]:1", "[fe80::1%1]:1", "[1::1]:1"]
        for text in loopback + unspecified + neither {
            let address = try #require(SocketAddress(parsing: text))
            #expect(address.isLoopback == loopback.contains(text), "\(text)")
            #expect(address.isUnspecified == unspecified.contains(text), "\(text)")
        }
    }

    @Test("what is written for the kernel is read back", arguments: ["1.2.3.4:7946", "[fe80::1%1]:7946"])
    func kernelForm(text: String) throws {
        let address = try #require(SocketAddress(parsing: text))
        let family = address.withSockaddr { name, _ in CInt(name.pointee.sa_family) }
        #expect(family == (address.isIPv4 ? AF_INET : AF_INET6))
        #expect(address.withSockaddr { SocketAddress($0, length: $1) } == address)
    }

    @Test("a host and its port are taken apart, name or number")
    func hostAndPort() throws {
        let name = try #require(HostAndPort.split("db2.example.net:7946"))
        #expect(name == ("db2.example.net", 7946))
        let number = try #require(HostAndPort.split("[::1]:80"))
        #expect(number == ("::1", 80))
        #expect(HostAndPort.split("db2.example.net") == nil)
        #expect(HostAndPort.split(":7946") == nil)
    }
}

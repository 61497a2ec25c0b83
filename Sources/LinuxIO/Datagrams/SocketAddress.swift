internal import CLinux
internal import Glibc

/// An internet address and port, IPv4 or IPv6.
///
/// IPv4 is kept in its IPv4-mapped form (::ffff:a.b.c.d), so both spellings of one address are one
/// value, and a peer that reaches us through a dual-stack socket is still the peer we know.
package struct SocketAddress: Hashable, Sendable, BitwiseCopyable {
    /// The first eight bytes of the address, most significant first.
    package let high: UInt64
    /// The last eight bytes of the address, most significant first.
    package let low: UInt64
    /// The interface of a link-local IPv6 address; 0 for none.
    package let scope: UInt32
    /// The port, in host byte order.
    package let port: UInt16

    /// An IPv6 address; an IPv4-mapped one becomes the IPv4 address, which has no scope.
    package init(high: UInt64, low: UInt64, scope: UInt32 = 0, port: UInt16) {
        self.high = high
        self.low = low
        self.port = port
        self.scope = high == 0 && low >> 32 == 0xffff ? 0 : scope
    }

    /// An IPv4 address, given as the number whose most significant byte is written first.
    package init(ipv4 address: UInt32, port: UInt16) {
        self.init(high: 0, low: 0xffff_0000_0000 | UInt64(address), port: port)
    }

    /// 127.0.0.1, as a number for `init(ipv4:port:)`.
    package static let loopbackIPv4: UInt32 = 0x7f00_0001

    /// ::1 with a port.
    package static func loopbackIPv6(port: UInt16) -> SocketAddress {
        SocketAddress(high: 0, low: 1, port: port)
    }

    /// Whether this is an IPv4 address.
    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// Whether this is 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        isIPv4 ? UInt8(truncatingIfNeeded: low >> 24) == 127 : high == 0 && low == 1
    }

    /// Whether this is 0.0.0.0 or ::, which stands for every local address.
    package var isUnspecified: Bool {
        isIPv4 ? UInt32(truncatingIfNeeded: low) == 0 : high == 0 && low == 0
    }

    /// The same address with another port.
    package func with(port: UInt16) -> SocketAddress {
        SocketAddress(high: high, low: low, scope: scope, port: port)
    }
}

extension SocketAddress {
    init(_ address: clinux_address) {
        self.init(high: address.high, low: address.low, scope: address.scope, port: address.port)
    }

    /// Reads what the kernel wrote; nil for another family.
    init?(_ name: UnsafePointer<sockaddr>, length: socklen_t) {
        var address = clinux_address()
        guard clinux_address_read(name, length, &address) else { return nil }
        self.init(address)
    }

    var forC: clinux_address { clinux_address(high: high, low: low, scope: scope, port: port) }

    /// AF_INET or AF_INET6.
    var family: CInt { isIPv4 ? AF_INET : AF_INET6 }

    /// Calls `body` with the address in the form that the kernel reads.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        var address = forC
        let length = clinux_address_write(&address, &storage)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// Asks the kernel for an address with `getsockname` or the like; nil for another family.
    static func read(
        _ call: String, _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) throws(SystemCallError) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var address: SocketAddress?
        try systemCall(call) {
            withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    let status = body(name, &length)
                    if status == 0 { address = SocketAddress(name, length: length) }
                    return status
                }
            }
        }
        return address
    }
}

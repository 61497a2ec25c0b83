/// Where a datagram comes from or goes to: an IPv4 or IPv6 address and a port.
package struct NetworkAddress: Sendable, BitwiseCopyable, Hashable {
    /// The first eight bytes of an IPv6 address, most significant first; 0 for IPv4.
    package var high: UInt64
    /// The last eight bytes of an IPv6 address, or the four of an IPv4 one.
    package var low: UInt64
    /// The UDP port.
    package var port: UInt16
    /// The interface that a link-local IPv6 address belongs to; 0 for all others.
    package var scope: UInt32
    /// Whether it is an IPv4 address.
    package var isIPv4: Bool

    /// Whether it is an address of the same host, whatever the port.
    func isSameHost(as other: NetworkAddress) -> Bool {
        isIPv4 == other.isIPv4 && high == other.high && low == other.low
    }

    /// Makes an address of its parts.
    package init(high: UInt64, low: UInt64, port: UInt16, scope: UInt32, isIPv4: Bool) {
        self.high = high
        self.low = low
        self.port = port
        self.scope = scope
        self.isIPv4 = isIPv4
    }
}

/// Where on this host a datagram came in, so that its answer can leave there.
///
/// A host that asks at one of several addresses expects the answer from that address (RFC 1122, section 4.1.3.5): the
/// firewall of its own host may let nothing else through.
package struct LocalPath: Sendable, BitwiseCopyable, Hashable {
    /// The socket, by a number that the caller gives it.
    package var socket: UInt32
    /// The address of this host that the datagram was sent to, without a port; `nil` when that is not known.
    package var address: NetworkAddress?

    /// Makes a path.
    package init(socket: UInt32, address: NetworkAddress?) {
        self.socket = socket
        self.address = address
    }
}

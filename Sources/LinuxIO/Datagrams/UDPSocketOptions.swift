/// What a UDP socket is to be given beyond what every socket of ours has.
package struct UDPSocketOptions: Hashable, Sendable {
    /// Bytes of receive buffer to ask for: what arrives while we are stopped is kept and not lost.
    package var receiveBuffer: CInt
    /// Bytes of send buffer to ask for.
    package var sendBuffer: CInt
    /// Whether to bind an address that no interface has yet (IP_FREEBIND), for a floating address.
    package var freeBind: Bool
    /// Whether the network's reports about what we sent are wanted from the start.
    package var reportErrors: Bool

    /// Four MiB hold over ten thousand heartbeats; a send buffer of half that holds any burst of ours.
    package init(
        receiveBuffer: CInt = 4 << 20, sendBuffer: CInt = 2 << 20, freeBind: Bool = false,
        reportErrors: Bool = true
    ) {
        self.reportErrors = reportErrors
        self.receiveBuffer = receiveBuffer
        self.sendBuffer = sendBuffer
        self.freeBind = freeBind
    }
}

internal import Glibc

extension UDPSocket {
    /// Asks for a receive buffer that the kernel counts as so many bytes; one that is larger stays as it is.
    ///
    /// - Parameter size: the bytes; the kernel doubles what it is asked for, so half of them are.
    /// - Throws: `SystemCallError` for a broken socket.
    /// - Returns: the bytes that were granted: without CAP_NET_ADMIN, up to twice net.core.rmem_max.
    package func enlargeReceiveBuffer(to size: CInt) throws(SystemCallError) -> CInt {
        let granted = try grantedReceiveBuffer()
        guard granted < size else { return granted }
        do throws(SystemCallError) {
            try descriptor.setOption(
                "SO_RCVBUF", level: SOL_SOCKET, option: SO_RCVBUFFORCE, to: size / 2)
        } catch {
            // What a service manager has granted beyond the limit, a request of ours would cut down to it.
            guard let limit = try? Self.grantedByDefault(size / 2), limit > granted else { return granted }
            try descriptor.setOption("SO_RCVBUF", level: SOL_SOCKET, option: SO_RCVBUF, to: size / 2)
        }
        return try grantedReceiveBuffer()
    }

    /// What an ordinary socket is granted.
    private static func grantedByDefault(_ request: CInt) throws(SystemCallError) -> CInt {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let trial = try FileDescriptor("socket") { socket(AF_INET, type, 0) }
        try trial.setOption("SO_RCVBUF", level: SOL_SOCKET, option: SO_RCVBUF, to: request)
        return try trial.option("SO_RCVBUF", level: SOL_SOCKET, option: SO_RCVBUF)
    }
}

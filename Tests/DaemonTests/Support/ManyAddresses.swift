import Glibc
import LinuxIO
import Testing

/// Sends from as many addresses of loopback as there are datagrams, 127.2.0.0 and so on, and gets what is answered to
/// any of them.
final class ManyAddresses {
    private let descriptor: FileDescriptor
    private var next: UInt32 = 0x7F02_0000

    init() throws {
        descriptor = FileDescriptor(owning: socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        // Bound to all addresses of this host, and in 127.0.0.0/8 all addresses are.
        var all = sockaddr_in()
        all.sin_family = sa_family_t(AF_INET)
        let status = withUnsafePointer(to: &all) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
    }

    /// Sends one datagram from the next address.
    func send(_ datagram: [UInt8], to destination: SocketAddress) throws {
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = destination.port.bigEndian
        target.sin_addr.s_addr = UInt32(truncatingIfNeeded: destination.low).bigEndian
        // A header of sixteen bytes and a struct in_pktinfo: interface, source, destination.
        var control: (Int, CInt, CInt, CInt, in_addr_t, in_addr_t) = (
            28, SOL_IP, IP_PKTINFO, 0, next.bigEndian, 0
        )
        next += 1
        var bytes = datagram
        let sent = bytes.withUnsafeMutableBytes { bytes in
            withUnsafeMutablePointer(to: &target) { target in
                withUnsafeMutableBytes(of: &control) { control in
                    var piece = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                    return withUnsafeMutablePointer(to: &piece) { piece in
                        var message = msghdr()
                        message.msg_name = UnsafeMutableRawPointer(target)
                        message.msg_namelen = socklen_t(MemoryLayout<sockaddr_in>.size)
                        (message.msg_iov, message.msg_iovlen) = (piece, 1)
                        (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
                        return sendmsg(descriptor.raw, &message, 0)
                    }
                }
            }
        }
        try #require(sent == datagram.count, "errno \(errno)")
    }

    /// The lengths of the answers that have come since the last call.
    func answers() -> [Int] {
        var lengths: [Int] = []
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while true {
            let count = recv(descriptor.raw, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return lengths }
            lengths.append(count)
        }
    }
}

internal import CLinux
internal import Glibc

/// A UDP socket that never blocks, stamps what arrives, and reports what could not be delivered.
package struct UDPSocket: ~Copyable {
    let descriptor: FileDescriptor
    var clock: ArrivalClock
    /// What the kernel's 32-bit drop counter last showed.
    var dropCounter: UInt32 = 0

    /// Datagrams that the kernel dropped because the receive buffer was full, since the socket was made.
    ///
    /// Linux reports drops with the next datagram that it can queue again, so this lags behind by one.
    package internal(set) var droppedByKernel: UInt64 = 0
    /// Errors that came up instead of datagrams and were passed over; `drainErrors` has the details.
    package internal(set) var receiveErrors: UInt64 = 0

    /// The number, for `Epoll` and for systemd's descriptor store.
    package var raw: CInt { descriptor.raw }

    /// Opens a socket and binds it; IPv6 sockets take IPv6 only, so both families can share a port.
    ///
    /// SO_REUSEADDR stays off: a second daemon on the same port must fail and not steal datagrams.
    /// - Throws: `SystemCallError`, such as EADDRINUSE on the address.
    package init(binding address: SocketAddress, options: UDPSocketOptions = .init()) throws(SystemCallError)
    {
        let emptySince = Clocks.boottime()
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = try FileDescriptor("socket", on: "\(address)") { socket(address.family, type, 0) }
        if address.family == AF_INET6 {
            try descriptor.setOption("IPV6_V6ONLY", level: SOL_IPV6, option: IPV6_V6ONLY, to: 1)
        }
        if options.freeBind {
            try descriptor.setOption("IP_FREEBIND", level: SOL_IP, option: IP_FREEBIND, to: 1)
        }
        try descriptor.prepareForDatagrams(family: address.family, options)
        try systemCall("bind", on: "\(address)") {
            address.withSockaddr { bind(descriptor.raw, $0, $1) }
        }
        self.init(descriptor, emptySince: emptySince)
    }

    /// Takes over a socket that another process bound, such as systemd or our own predecessor.
    ///
    /// What it has queued may have come before us, at most `maximumAge` nanoseconds ago.
    /// - Throws: `SystemCallError`; EINVAL when it is not a UDP socket. The descriptor is closed then.
    package init(
        adopting descriptor: consuming FileDescriptor, options: UDPSocketOptions = .init(),
        maximumAge: Int64 = 3_600_000_000_000
    ) throws(SystemCallError) {
        let family = try descriptor.option("SO_DOMAIN", level: SOL_SOCKET, option: SO_DOMAIN)
        let type = try descriptor.option("SO_TYPE", level: SOL_SOCKET, option: SO_TYPE)
        guard type == CInt(SOCK_DGRAM.rawValue), family == AF_INET || family == AF_INET6 else {
            throw SystemCallError(
                "adopt", on: "descriptor \(descriptor.raw)", errno: .invalidArgument,
                remedy: "this is no UDP socket; use ListenDatagram= in the .socket unit")
        }
        try descriptor.makeNonblocking()
        try descriptor.prepareForDatagrams(family: family, options)
        self.init(descriptor, emptySince: Clocks.boottime() - maximumAge)
    }

    private init(_ descriptor: consuming FileDescriptor, emptySince: Int64) {
        self.descriptor = descriptor
        clock = ArrivalClock(emptySince: emptySince, offset: Clocks.realtimeToBoottimeOffset())
    }

    /// The address it is bound to, with the port the kernel chose if 0 was asked for.
    /// - Throws: `SystemCallError`.
    package func localAddress() throws(SystemCallError) -> SocketAddress {
        try SocketAddress(boundTo: descriptor.raw)
    }

    /// Says whether the network's reports about what we sent are wanted; if not, those that wait are forgotten.
    ///
    /// Not wanted on a socket that systemd watches: it gives up a socket unit on whose socket an error waits to be read.
    /// - Throws: `SystemCallError`.
    package func reportErrors(_ wanted: Bool) throws(SystemCallError) {
        try descriptor.reportErrors(wanted, family: family)
        // Reading the pending error clears it.
        if !wanted { _ = try descriptor.option("SO_ERROR", level: SOL_SOCKET, option: SO_ERROR) }
    }

    private var family: CInt {
        get throws(SystemCallError) {
            try descriptor.option("SO_DOMAIN", level: SOL_SOCKET, option: SO_DOMAIN)
        }
    }

    /// Whether it is an IPv6 socket that carries IPv4 as well; ours never are, adopted ones may be.
    /// - Throws: `SystemCallError`.
    package func isDualStack() throws(SystemCallError) -> Bool {
        guard try family == AF_INET6 else { return false }
        return try descriptor.option("IPV6_V6ONLY", level: SOL_IPV6, option: IPV6_V6ONLY) == 0
    }

    /// The bytes of receive buffer that the kernel granted, its own overhead included: it doubles what
    /// is asked for, so less than twice the request means that net.core.rmem_max cut it down.
    /// - Throws: `SystemCallError`.
    package func grantedReceiveBuffer() throws(SystemCallError) -> CInt {
        try descriptor.option("SO_RCVBUF", level: SOL_SOCKET, option: SO_RCVBUF)
    }
}

extension SocketAddress {
    /// Whether no interface of this host has the address now, so that nothing can be sent from it or reach it.
    package var isMissingHere: Bool {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        do throws(SystemCallError) {
            let trial = try FileDescriptor("socket") { socket(family, type, 0) }
            let address = with(port: 0)
            try systemCall("bind") { address.withSockaddr { bind(trial.raw, $0, $1) } }
            return false
        } catch {
            return error.errno == .addressNotAvailable || error.errno == .noSuchDevice
        }
    }

    /// The address of this host from which the kernel would send to this one; nil when there is no way there.
    ///
    /// Nothing is sent: a socket of its own is connected, and says where it stands.
    package var preferredSource: SocketAddress? {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard let trial = try? FileDescriptor("socket", { socket(family, type, 0) }),
            (try? systemCall("connect", { withSockaddr { connect(trial.raw, $0, $1) } })) != nil
        else { return nil }
        return try? SocketAddress(boundTo: trial.raw).with(port: 0)
    }

    /// The address that a socket is bound to.
    /// - Throws: `SystemCallError`; EAFNOSUPPORT for a socket that is no internet socket.
    package init(boundTo raw: CInt) throws(SystemCallError) {
        let address = try SocketAddress.read("getsockname") { getsockname(raw, $0, $1) }
        guard let address else { throw SystemCallError("getsockname", errno: .addressFamilyNotSupported) }
        self = address
    }
}

extension FileDescriptor {
    /// Sets what every datagram socket of ours has, bound or not.
    fileprivate func prepareForDatagrams(
        family: CInt, _ options: UDPSocketOptions
    ) throws(SystemCallError) {
        try setBuffer("SO_RCVBUF", force: SO_RCVBUFFORCE, plain: SO_RCVBUF, to: options.receiveBuffer)
        try setBuffer("SO_SNDBUF", force: SO_SNDBUFFORCE, plain: SO_SNDBUF, to: options.sendBuffer)
        try setOption("SO_TIMESTAMPNS", level: SOL_SOCKET, option: SO_TIMESTAMPNS_NEW, to: 1)
        try setOption("SO_RXQ_OVFL", level: SOL_SOCKET, option: SO_RXQ_OVFL, to: 1)
        // To answer from the address that was asked.
        if family == AF_INET6 {
            try setOption("IPV6_RECVPKTINFO", level: SOL_IPV6, option: IPV6_RECVPKTINFO, to: 1)
        } else {
            try setOption("IP_PKTINFO", level: SOL_IP, option: IP_PKTINFO, to: 1)
        }
        try reportErrors(options.reportErrors, family: family)
    }

    fileprivate func reportErrors(_ wanted: Bool, family: CInt) throws(SystemCallError) {
        // Also on IPv6 sockets: an adopted one may be dual-stack and carry IPv4 as well.
        try setOption("IP_RECVERR", level: SOL_IP, option: IP_RECVERR, to: wanted ? 1 : 0)
        guard family == AF_INET6 else { return }
        try setOption("IPV6_RECVERR", level: SOL_IPV6, option: IPV6_RECVERR, to: wanted ? 1 : 0)
    }

    /// Asks for a buffer beyond the sysctl limit, which takes CAP_NET_ADMIN, and else up to the limit.
    private func setBuffer(
        _ name: String, force: CInt, plain: CInt, to size: CInt
    ) throws(SystemCallError) {
        do {
            try setOption(name, level: SOL_SOCKET, option: force, to: size)
        } catch {
            try setOption(name, level: SOL_SOCKET, option: plain, to: size)
        }
    }
}

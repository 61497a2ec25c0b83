internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import Wire

/// The UDP sockets: everything that arrived goes to the endpoint, everything in its outbox goes out.
struct Transport: ~Copyable {
    /// One bound socket with its family.
    ///
    /// A class, because sockets have one owner and arrays copy.
    private final class Socket {
        var udp: UDPSocket
        private let isIPv4: Bool
        private let isDualStack: Bool
        let isLoopback: Bool
        let isWildcard: Bool
        /// More datagrams than the kernel can have queued for us: after so many, all that had arrived when the
        /// drain began has been read, however fast more arrives.
        private(set) var drainLimit: Int
        var dropsSeen: UInt64 = 0

        init(_ socket: consuming UDPSocket) throws(SystemCallError) {
            udp = socket
            let address = try udp.localAddress()
            isDualStack = try udp.isDualStack()
            isIPv4 = address.isIPv4
            isLoopback = address.isLoopback
            isWildcard = address.isUnspecified
            drainLimit = Self.drainLimit(in: try udp.grantedReceiveBuffer())
        }

        /// The kernel charges at least 512 bytes for the smallest datagram.
        private static func drainLimit(in buffer: CInt) -> Int { max(Int(buffer) / 512, 1_024) }

        /// Asks for a receive buffer, and returns what there is then; it is never made smaller.
        func enlarge(to size: CInt) throws(SystemCallError) -> CInt {
            let granted = try udp.enlargeReceiveBuffer(to: size)
            drainLimit = Self.drainLimit(in: granted)
            return granted
        }

        /// Whether it carries datagrams of a family.
        func reaches(isIPv4: Bool) -> Bool { self.isIPv4 == isIPv4 || isDualStack }
    }

    private var sockets: [Socket] = []
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    /// Datagrams that could not be sent, since they were last asked for.
    private var unsent: [Unsent] = []
    /// The datagrams in `outgoing`.
    private var batched: [Outbox.Datagram] = []

    init() throws(SystemCallError) {
        let incoming = try ReceiveBatch()
        let outgoing = try SendBatch()
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// Binds one more address, also one that no interface has yet.
    mutating func bind(_ address: SocketAddress) throws(SystemCallError) {
        sockets.append(try Socket(UDPSocket(binding: address, options: UDPSocketOptions(freeBind: true))))
    }

    /// Takes over a socket that somebody else bound, with all that it has queued.
    mutating func adopt(_ socket: consuming UDPSocket) throws(SystemCallError) {
        sockets.append(try Socket(socket))
    }

    /// Says whether the network's reports about what we sent are wanted.
    func reportErrors(_ wanted: Bool) throws(SystemCallError) {
        for socket in sockets { try socket.udp.reportErrors(wanted) }
    }

    /// The descriptors, to be stored for our next life.
    var descriptors: [CInt] { sockets.map { $0.udp.raw } }

    /// Watches all sockets; the token of socket *i* is `base + i`.
    func watch(with epoll: borrowing Epoll, base: UInt64) throws(SystemCallError) {
        for (index, socket) in sockets.enumerated() {
            try epoll.add(socket.udp.raw, token: base + UInt64(index), interest: .read)
        }
    }

    /// The addresses that the sockets are bound to.
    func localAddresses() throws(SystemCallError) -> [SocketAddress] {
        var addresses: [SocketAddress] = []
        for socket in sockets { addresses.append(try socket.udp.localAddress()) }
        return addresses
    }

    /// Errors that came up where a datagram was to be received, since the start.
    var receiveErrors: UInt64 { sockets.reduce(0) { $0 + $1.udp.receiveErrors } }

    /// Whether nobody beyond this host reaches any of them.
    var isLoopback: Bool { sockets.allSatisfy(\.isLoopback) }

    /// Whether addresses of one family can be reached.
    func canReach(isIPv4: Bool) -> Bool { sockets.contains { $0.reaches(isIPv4: isIPv4) } }

    /// Asks for receive buffers of at least so many bytes, and returns the size of the smallest.
    func enlargeBuffers(to size: Int) throws(SystemCallError) -> Int {
        var smallest = Int.max
        for socket in sockets { smallest = min(smallest, Int(try socket.enlarge(to: CInt(clamping: size)))) }
        return smallest
    }

    /// Hands over everything that had arrived by `now`, and, where epoll saw some, the errors that the network
    /// reported.
    mutating func drain(
        at now: Instant, withErrors: Bool, to endpoint: inout Endpoint, into outbox: inout Outbox
    ) throws(SystemCallError) {
        for socket in sockets {
            try drainDatagrams(of: socket, at: now, to: &endpoint, into: &outbox)
            guard withErrors else { continue }
            _ = try socket.udp.drainErrors { error in
                guard error.errno == .connectionRefused else { return }
                endpoint.portUnreachable(
                    NetworkAddress(error.destination), reportedBy: error.offender.map { NetworkAddress($0) },
                    quoting: error.quote.span, at: now, into: &outbox)
            }
        }
    }

    private mutating func drainDatagrams(
        of socket: Socket, at now: Instant, to endpoint: inout Endpoint, into outbox: inout Outbox
    ) throws(SystemCallError) {
        var taken = 0
        repeat {
            taken += try socket.udp.receive(into: &incoming, now: now.nanoseconds)
            incoming.forEach { bytes, header in
                bytes.withUnsafeBytes { raw in
                    endpoint.receive(
                        raw.bindMemory(to: UInt8.self).span, from: NetworkAddress(header.source),
                        arrived: Instant(nanoseconds: header.arrival), at: now, into: &outbox)
                }
            }
        } while !incoming.socketIsEmpty && taken < socket.drainLimit
        let drops = socket.udp.droppedByKernel
        guard drops > socket.dropsSeen else { return }
        endpoint.kernelDropped(drops - socket.dropsSeen, at: now, into: &outbox)
        socket.dropsSeen = drops
    }

    /// Sends every datagram of the outbox.
    mutating func send(_ outbox: Outbox) {
        let arena = outbox.arena.span
        var handedOver = 0
        for socket in sockets {
            guard handedOver < outbox.datagrams.count else { return }
            for datagram in outbox.datagrams where self.socket(for: datagram.destination) === socket {
                handedOver += 1
                let bytes = arena.extracting(datagram.start..<datagram.start + datagram.count).bytes
                let destination = SocketAddress(datagram.destination)
                if !outgoing.append(bytes, to: destination) {
                    flush(socket)
                    _ = outgoing.append(bytes, to: destination)
                }
                batched.append(datagram)
            }
            flush(socket)
        }
        for datagram in outbox.datagrams where self.socket(for: datagram.destination) == nil {
            unsent.append((datagram, .addressFamilyNotSupported))
        }
    }

    /// What could not be sent since the last call.
    mutating func takeUnsent() -> [Unsent] {
        defer { unsent = [] }
        return unsent
    }

    /// The socket to send from: one that is bound to every address, or to one on the same side of this host.
    ///
    /// A datagram from 127.0.0.1 to another host is refused by the kernel, and the other way round it is not answered.
    private func socket(for destination: NetworkAddress) -> Socket? {
        let isLoopback = SocketAddress(destination).isLoopback
        let ofFamily = { (socket: Socket) in socket.reaches(isIPv4: destination.isIPv4) }
        return sockets.first { ofFamily($0) && ($0.isWildcard || $0.isLoopback == isLoopback) }
            ?? sockets.first(where: ofFamily)
    }

    private mutating func flush(_ socket: Socket) {
        guard outgoing.count > 0 else { return }
        defer { batched.removeAll(keepingCapacity: true) }
        _ = socket.udp.flush(&outgoing)
        guard outgoing.failureCount > 0 else { return }
        outgoing.forEachFailure { unsent.append((batched[$0.position], $0.errno)) }
    }
}

/// A datagram that the kernel did not take from us, and why.
typealias Unsent = (datagram: Outbox.Datagram, errno: Errno)

extension NetworkAddress {
    init(_ address: SocketAddress) {
        self.init(
            high: address.high, low: address.low, port: address.port, scope: address.scope,
            isIPv4: address.isIPv4)
    }
}

extension SocketAddress {
    init(_ address: NetworkAddress) {
        self.init(high: address.high, low: address.low, scope: address.scope, port: address.port)
    }
}

extension SendObstacle {
    /// What the error of a send says.
    init(_ errno: Errno) {
        switch errno.rawValue {
        case EPERM, EACCES: self = .filtered
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EINVAL, ENETDOWN, ENODEV, EAFNOSUPPORT: self = .noRoute
        default: self = .failed
        }
    }
}

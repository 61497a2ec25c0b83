internal import FailureDetection
internal import Glibc
internal import LinuxIO
internal import Wire

/// The UDP sockets: everything that arrived goes to the endpoint, everything in its outbox goes out.
struct Transport: ~Copyable {
    private var sockets: [DatagramSocket] = []
    /// The listeners whose interface is named.
    var zoned: [ZonedListener] = []
    /// The bytes of receive buffer that were asked for.
    private var wantedBufferSize = 0
    private var incoming: ReceiveBatch
    private var outgoing: SendBatch
    private var routes = RouteTable()
    private var nextNumber: UInt32 = 0
    /// Datagrams of the present outbox that the kernel did not take at the first try.
    private var failures: [SendFailure] = []
    /// Datagrams that could not be sent, since they were last asked for.
    private var unsent: [Unsent] = []
    /// Destinations to which nothing can be sent by the path that the peer last used, since they were last asked for.
    private var lostPaths: [NetworkAddress] = []

    init() throws(SystemCallError) {
        let incoming = try ReceiveBatch()
        let outgoing = try SendBatch()
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// Binds one more address, also one that no interface has yet.
    ///
    /// - Returns: the number of the socket.
    @discardableResult
    mutating func bind(_ address: SocketAddress) throws(SystemCallError) -> UInt32 {
        // A wildcard is never missing, and a socket that may use foreign addresses sends from one of ours that has gone.
        let options = UDPSocketOptions(freeBind: !address.isUnspecified)
        let number = try adopt(UDPSocket(binding: address, options: options))
        if wantedBufferSize > 0 { _ = try sockets.last?.enlarge(to: CInt(clamping: wantedBufferSize)) }
        return number
    }

    /// Closes a socket.
    mutating func close(_ number: UInt32, epoll: borrowing Epoll) {
        guard let place = sockets.firstIndex(where: { $0.number == number }) else { return }
        // The service manager may hold another descriptor of it, by which epoll would continue.
        try? epoll.remove(sockets[place].udp.raw)
        sockets.remove(at: place)
        routes.removeAll()
    }

    /// Takes over a socket that another process bound, with all that it has queued.
    ///
    /// - Returns: the number of the socket.
    @discardableResult
    mutating func adopt(_ socket: consuming UDPSocket) throws(SystemCallError) -> UInt32 {
        sockets.append(try DatagramSocket(socket, number: nextNumber))
        routes.removeAll()
        nextNumber += 1
        return nextNumber - 1
    }

    /// Says whether the network's reports about what we sent are wanted.
    func reportErrors(_ wanted: Bool) throws(SystemCallError) {
        for socket in sockets { try socket.udp.reportErrors(wanted) }
    }

    /// The descriptors, to be stored for our next incarnation.
    var descriptors: [CInt] { sockets.map { $0.udp.raw } }

    /// Watches all sockets; their tokens begin at `base`, and there are a thousand of them at most.
    func watch(with epoll: borrowing Epoll, base: UInt64) throws(SystemCallError) {
        for socket in sockets { try watch(socket.number, with: epoll, base: base) }
    }

    /// Watches one socket.
    func watch(_ number: UInt32, with epoll: borrowing Epoll, base: UInt64) throws(SystemCallError) {
        guard let socket = sockets.first(where: { $0.number == number }) else { return }
        try epoll.add(socket.udp.raw, token: base + UInt64(number % 1_000), interest: .read)
    }

    /// The sockets, in the order in which they were opened.
    var ownSockets: [DatagramSocket] { sockets }

    /// Has the kernel asked anew from where to send to each destination.
    mutating func forgetRoutes() { routes.removeAll() }

    /// The addresses that the sockets are bound to.
    var localAddresses: [SocketAddress] { sockets.map(\.address) }

    /// Errors that came up where a datagram was to be received, since the start.
    var receiveErrors: UInt64 { sockets.reduce(0) { $0 + $1.udp.receiveErrors } }

    /// Whether no other host reaches any of them.
    var isLoopback: Bool { zoned.isEmpty && sockets.allSatisfy(\.isLoopback) }

    /// Whether addresses of one family can be reached.
    func canReach(isIPv4: Bool) -> Bool {
        sockets.contains { $0.reaches(isIPv4: isIPv4) } || !isIPv4 && !zoned.isEmpty
    }

    /// Asks for receive buffers of at least so many bytes, and returns the size of the smallest.
    mutating func enlargeBuffers(to size: Int) throws(SystemCallError) -> Int {
        wantedBufferSize = size
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
                guard error.errno == .connectionRefused else {
                    guard let offender = error.offender else { return }
                    let report = DeliveryReport(
                        by: NetworkAddress(offender), error: error.errno.rawValue, at: now)
                    return endpoint.noteUndelivered(NetworkAddress(error.destination), report)
                }
                endpoint.portUnreachable(
                    NetworkAddress(error.destination), reportedBy: error.offender.map { NetworkAddress($0) },
                    quoting: error.quote.span, at: now, into: &outbox)
            }
        }
    }

    private mutating func drainDatagrams(
        of socket: DatagramSocket, at now: Instant, to endpoint: inout Endpoint, into outbox: inout Outbox
    ) throws(SystemCallError) {
        var taken = 0
        repeat {
            taken += try socket.udp.receive(into: &incoming, now: now.nanoseconds)
            incoming.forEach { bytes, header in
                bytes.withUnsafeBytes { raw in
                    endpoint.receive(
                        raw.bindMemory(to: UInt8.self).span, from: NetworkAddress(header.source),
                        through: socket.path(of: header), arrived: Instant(nanoseconds: header.arrival),
                        at: now, into: &outbox)
                }
            }
        } while !incoming.socketIsEmpty && taken < socket.drainLimit
        let drops = socket.udp.droppedByKernel
        guard drops > socket.dropsSeen else { return }
        endpoint.kernelDropped(drops - socket.dropsSeen, at: now, into: &outbox)
        socket.dropsSeen = drops
    }
}

/// Sending: one batch a socket, and what fails once more by another way.
extension Transport {
    /// Failures that are tried by another way in one turn at most.
    private static let retryLimit = 64

    /// Sends every datagram of the outbox.
    mutating func send(_ outbox: Outbox, at now: Instant) {
        guard !outbox.datagrams.isEmpty else { return }
        routes.beginTurn()
        failures.removeAll(keepingCapacity: true)
        var handedOver = 0
        for socket in sockets where handedOver < outbox.datagrams.count {
            for index in outbox.datagrams.indices {
                let route = route(of: outbox.datagrams[index], at: now)
                guard let route, route.socket === socket else { continue }
                handedOver += 1
                append(index, of: outbox, from: route.source, by: socket)
            }
            flush(socket)
        }
        retryFailures(of: outbox, at: now)
        guard handedOver < outbox.datagrams.count else { return }
        for datagram in outbox.datagrams where route(of: datagram, at: now) == nil {
            unsent.append((datagram, .addressFamilyNotSupported))
        }
    }

    /// What could not be sent since the last call.
    mutating func takeUnsent() -> [Unsent] {
        defer { unsent = [] }
        return unsent
    }

    /// Destinations to which nothing can be sent by the path that the peer last used, since the last call.
    mutating func takeLostPaths() -> [NetworkAddress] {
        guard !lostPaths.isEmpty else { return [] }
        defer { lostPaths = [] }
        return lostPaths
    }

    /// Where a datagram leaves: an answer where it was asked for, all else where the peer last addressed us, or else
    /// where the kernel would send it from.
    private mutating func route(of datagram: Outbox.Datagram, at now: Instant) -> Route? {
        if let path = datagram.path, let socket = sockets.first(where: { $0.number == path.socket }),
            socket.reaches(isIPv4: datagram.destination.isIPv4), !socket.isMissing
        {
            return Route(
                socket: socket, source: socket.isWildcard ? path.address.map { SocketAddress($0) } : nil)
        }
        return routes.socket(for: datagram.destination, among: sockets, at: now).map { Route(socket: $0) }
    }

    private mutating func append(
        _ index: Int, of outbox: Outbox, from source: SocketAddress?, by socket: DatagramSocket
    ) {
        let datagram = outbox.datagrams[index]
        let bytes = outbox.arena.span.extracting(datagram.start..<datagram.start + datagram.count).bytes
        let destination = SocketAddress(datagram.destination)
        guard !outgoing.append(bytes, to: destination, from: source, tag: index) else { return }
        flush(socket)
        _ = outgoing.append(bytes, to: destination, from: source, tag: index)
    }

    private mutating func flush(_ socket: DatagramSocket) {
        guard outgoing.count > 0 else { return }
        _ = socket.udp.flush(&outgoing)
        guard outgoing.failureCount > 0 else { return }
        outgoing.forEachFailure { failures.append($0) }
    }

    /// An address of ours that has gone takes no peer with it: what failed is tried without it, and by the other sockets.
    private mutating func retryFailures(of outbox: Outbox, at now: Instant) {
        guard !failures.isEmpty else { return }
        let first = failures
        for (count, failure) in first.enumerated() {
            let datagram = outbox.datagrams[failure.tag]
            if failure.errno.mayBeOfOurAddress, datagram.path != nil {
                lostPaths.append(datagram.destination)
            }
            let isTried = failure.errno.mayBeOfOurAddress && count < Self.retryLimit
            if isTried, retry(failure.tag, of: outbox, at: now) { continue }
            unsent.append((datagram, failure.errno))
        }
    }

    /// - Returns: whether another way carried it.
    private mutating func retry(_ index: Int, of outbox: Outbox, at now: Instant) -> Bool {
        let datagram = outbox.datagrams[index]
        let tried = route(of: datagram, at: now)
        for socket in sockets where socket.reaches(isIPv4: datagram.destination.isIPv4) {
            guard socket !== tried?.socket || tried?.source != nil else { continue }
            failures.removeAll(keepingCapacity: true)
            append(index, of: outbox, from: nil, by: socket)
            flush(socket)
            guard failures.isEmpty else { continue }
            routes.set(socket, for: datagram.destination, at: now)
            return true
        }
        return false
    }
}

/// A datagram that the kernel did not take from us, and why.
typealias Unsent = (datagram: Outbox.Datagram, errno: Errno)

extension Errno {
    /// Whether a datagram could not leave because of the address or the interface that it was to leave by.
    fileprivate var mayBeOfOurAddress: Bool {
        switch self {
        case .invalidArgument, .networkUnreachable, .addressNotAvailable, .noSuchDevice: true
        default: false
        }
    }
}

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
        case EPERM: self = .filtered
        case EACCES, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EINVAL, ENETDOWN, ENODEV, EAFNOSUPPORT:
            self = .noRoute
        default: self = .failed
        }
    }
}

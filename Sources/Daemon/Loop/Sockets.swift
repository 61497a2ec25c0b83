internal import Configuration
internal import Glibc
internal import LinuxIO
internal import StatusAPI
internal import Systemd

/// The sockets of a start: passed by the service manager, kept from an earlier incarnation, or bound anew.
extension Transport {
    /// Opens the UDP sockets.
    ///
    /// Those of a `.socket` unit count instead of `[node] listen`; they must not widen what the configuration
    /// allows.
    static func open(_ settings: Settings, inheriting inheritance: Inheritance) throws(StartFailure)
        -> Transport
    {
        let transport = try Daemon.starting { () throws(SystemCallError) in
            try inheritance.activated.isEmpty
                ? bound(settings.node, keeping: inheritance.kept) : adopted(inheritance.activated)
        }
        let security = settings.security
        guard transport.isLoopback || !security.keys.isEmpty || security.allowUnauthenticated else {
            throw StartFailure(
                configuration:
                    "the .socket unit listens where the network reaches it, and nothing authenticates the peers; set "
                    + "allow_unauthenticated = true in [security] if every host of the network may be trusted, or "
                    + "give ListenDatagram= a loopback address")
        }
        return transport
    }

    private static func adopted(_ descriptors: [CInt]) throws(SystemCallError) -> Transport {
        var transport = try Transport()
        let quiet = UDPSocketOptions(reportErrors: false)
        for raw in descriptors {
            try transport.adopt(UDPSocket(adopting: FileDescriptor(owning: raw), options: quiet))
        }
        return transport
    }

    /// Binds every address, or continues with the socket that an earlier incarnation had bound to it.
    private static func bound(_ node: NodeSettings, keeping kept: [CInt]) throws(SystemCallError) -> Transport
    {
        var transport = try Transport()
        // Those whose interface is not there yet are bound when it is.
        let listeners = node.listen.map {
            (address: $0, present: SocketAddress(host: $0.host, port: $0.port))
        }
        let wanted = listeners.compactMap(\.present)
        let unwanted = kept.filter { raw in !wanted.contains { $0 == (try? SocketAddress(boundTo: raw)) } }
        var kept = kept.filter { !unwanted.contains($0) }
        let deadline = Clocks.monotonic() + (unwanted.isEmpty ? 0 : Self.patience)
        giveUp(unwanted)
        for (configured, address) in listeners {
            var listener = configured.isName ? ZonedListener(address: configured, bound: address) : nil
            defer { if let listener { transport.zoned.append(listener) } }
            guard let address else { continue }
            do throws(SystemCallError) {
                // An assignment through `nil` would not even evaluate what is assigned.
                let number = try transport.open(address, from: &kept, until: deadline)
                listener?.socket = number
            } catch {
                // IPv6 was not asked for on a host that has none.
                guard !node.listenIsExplicit, error.errno == .addressFamilyNotSupported else { throw error }
            }
        }
        for raw in kept { _ = FileDescriptor(owning: raw) }
        return transport
    }

    /// Continues with a kept socket that is bound to an address, or binds one.
    private mutating func open(
        _ address: SocketAddress, from kept: inout [CInt], until deadline: Int64
    ) throws(SystemCallError) -> UInt32 {
        guard let index = kept.firstIndex(where: { (try? SocketAddress(boundTo: $0)) == address }) else {
            return try bind(address, until: deadline)
        }
        return try adopt(UDPSocket(adopting: FileDescriptor(owning: kept.remove(at: index))))
    }

    /// How long the service manager may take to close what we do not want any more, in nanoseconds.
    private static let patience: Int64 = 2_000_000_000

    /// Closes sockets of our earlier incarnation, here and in the descriptor store.
    ///
    /// While one stays open anywhere, its port on a wildcard address cannot be bound: `[node] listen` has changed from
    /// one to the other, say.
    private static func giveUp(_ unwanted: [CInt]) {
        guard !unwanted.isEmpty else { return }
        for raw in unwanted { _ = FileDescriptor(owning: raw) }
        // Those that we continue with are stored again when all are open.
        _ = try? Notifier().send(.unstore(name: Inheritance.Stored.sockets))
    }

    private mutating func bind(
        _ address: SocketAddress, until deadline: Int64
    ) throws(SystemCallError) -> UInt32 {
        while true {
            do throws(SystemCallError) {
                return try bind(address)
            } catch {
                guard error.errno == .addressInUse, Clocks.monotonic() < deadline else { throw error }
            }
            // The manager closes descriptors in its own time, and nothing says when it has.
            poll(nil, 0, 5)
        }
    }
}

extension EventLoop {
    /// Says which addresses of ours no host can reach yet.
    func reportMissing(_ addresses: [SocketAddress], zoned: [ZonedListener]) {
        let waiting = zoned.filter { $0.socket == nil }.map(\.address.description)
        for address in addresses.filter(\.isMissingHere).map(\.description) + waiting {
            state.announce(
                .config,
                "no interface has the address \(address) of [node] listen yet; peers are watched from the moment one "
                    + "has it, see 'ip address'", priority: .warning, id: .configuration)
        }
    }
}

/// The status socket as a start finds it.
struct StatusEntrance: ~Copyable {
    /// `nil` when it cannot be bound yet: watching does not wait for it.
    var listener: UnixListener?
    /// Where clients search for it; empty when it is that of a `.socket` unit without a path.
    let path: String
    /// Why there is none.
    let failure: SystemCallError?

    /// The socket of a `.socket` unit, or one of our own at the configured path.
    ///
    /// - Throws: `SystemCallError` for what no time heals: a path that is too long, a socket of another kind.
    static func open(
        _ node: NodeSettings, inheriting inheritance: Inheritance
    ) throws(SystemCallError) -> StatusEntrance {
        if let raw = inheritance.listener {
            let listener = try UnixListener(adopting: FileDescriptor(owning: raw))
            let path = listener.path
            return StatusEntrance(listener: listener, path: path, failure: nil)
        }
        do throws(SystemCallError) {
            let listener = try UnixListener(binding: node.statusSocket, mode: 0o666)
            return StatusEntrance(listener: listener, path: node.statusSocket, failure: nil)
        } catch {
            guard error.errno != .nameTooLong else { throw error }
            return StatusEntrance(listener: nil, path: node.statusSocket, failure: error)
        }
    }
}

extension MetricsServer {
    /// Begins to serve metrics where it is wanted: on the socket of a `.socket` unit, or at `[node] metrics_listen`.
    ///
    /// - Returns: why that is not possible yet; it is tried again every second then.
    static func start(
        _ node: NodeSettings, inheriting inheritance: Inheritance
    ) throws(StartFailure) -> SystemCallError? {
        if let passed = inheritance.metrics, (try? SocketAddress(boundTo: passed))?.isLoopback != true {
            throw StartFailure(
                configuration:
                    "the .socket unit for metrics listens where the network reaches it, and any host "
                    + "could read metrics; write ListenStream=127.0.0.1:PORT in it")
        }
        do throws(SystemCallError) {
            guard let listener = try listener(node, passed: inheritance.metrics) else { return nil }
            try start(listener, statusSocket: node.statusSocket)
            return nil
        } catch {
            // A socket that was passed does not get better.
            guard inheritance.metrics == nil else { throw StartFailure(error) }
            startLater(statusSocket: node.statusSocket) { () throws(SystemCallError) in
                try listener(node, passed: nil)
            }
            return error
        }
    }

    private static func listener(_ node: NodeSettings, passed: CInt?) throws(SystemCallError) -> TCPListener?
    {
        if let passed { return try TCPListener(adopting: FileDescriptor(owning: passed)) }
        guard let address = node.metricsListen,
            let local = SocketAddress(host: address.host, port: address.port)
        else { return nil }
        return try TCPListener(binding: local)
    }
}

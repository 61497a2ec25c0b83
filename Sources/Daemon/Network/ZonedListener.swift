internal import Configuration
internal import FailureDetection
internal import LinuxIO
internal import StatusAPI
internal import Systemd

/// An address of `[node] listen` with an interface that is named: `[fe80::1%eth0]:7946`.
///
/// The kernel binds such a socket to the interface's number, and an interface that is made again has another: VLANs,
/// bonds, tunnels and hot-plugged cards are. So the name is translated again and again, and the socket opened anew.
struct ZonedListener {
    /// What became of a listener.
    enum Change: Equatable {
        /// There is no such interface any more.
        case lost(String)
        /// There is one, and the address is listened on.
        case opened(String)
    }

    /// How often its interface is checked.
    static let period = TimeSpan.seconds(1)

    /// As it is configured.
    let address: Configuration.NetworkAddress
    /// The number of its socket in the transport; `nil` while there is no interface.
    var socket: UInt32?
    /// What the address stood for when the socket was opened.
    var bound: SocketAddress?

    /// What the address stands for now; `nil` when there is no interface of that name.
    var present: SocketAddress? { SocketAddress(host: address.host, port: address.port) }
}

extension Transport {
    /// Checks whether the interfaces of listeners are still the same, and opens anew the sockets of those that are
    /// not.
    mutating func renewListeners(with epoll: borrowing Epoll, base: UInt64) -> [ZonedListener.Change] {
        var changes: [ZonedListener.Change] = []
        for place in zoned.indices {
            let present = zoned[place].present
            guard present != zoned[place].bound else { continue }
            if let number = zoned[place].socket {
                close(number, epoll: epoll)
                (zoned[place].socket, zoned[place].bound) = (nil, nil)
                if present == nil { changes.append(.lost(zoned[place].address.description)) }
            }
            // Should that fail, the interface may just be coming or going: the next check will show.
            guard let present, let number = try? bind(present) else { continue }
            try? watch(number, with: epoll, base: base)
            (zoned[place].socket, zoned[place].bound) = (number, present)
            changes.append(.opened(zoned[place].address.description))
        }
        return changes
    }
}

/// Listeners on one address, which may go and come back: with DHCP, or from host to host.
extension Transport {
    /// Whether there is a listener whose address or interface may go.
    var mayLoseAddresses: Bool { !zoned.isEmpty || ownSockets.contains(where: Self.mayLose) }

    private static func mayLose(_ socket: DatagramSocket) -> Bool {
        !socket.isWildcard && !socket.isLoopback
    }

    /// Checks whether the addresses of listeners are there, so that nothing is sent from one that is not.
    ///
    /// - Returns: those that have gone or come back since the last check, and whether they are there.
    mutating func lookForAddresses() -> [(address: SocketAddress, isThere: Bool)] {
        let zonedSockets = zoned.compactMap(\.socket)
        var changes: [(address: SocketAddress, isThere: Bool)] = []
        for socket in ownSockets where Self.mayLose(socket) && !zonedSockets.contains(socket.number) {
            let isMissing = socket.address.isMissingHere
            guard isMissing != socket.isMissing else { continue }
            socket.isMissing = isMissing
            changes.append((socket.address, !isMissing))
        }
        if !changes.isEmpty { forgetRoutes() }
        return changes
    }
}

extension EventLoop {
    /// Says which addresses of listeners have gone or come back.
    private func reportAddresses() {
        for (address, isThere) in transport.lookForAddresses() {
            state.announce(
                .config,
                isThere
                    ? "listens on \(address): an interface has the address again"
                    : "no interface has the address \(address) of [node] listen any more: nothing arrives there until one "
                        + "has it, see 'ip address'", priority: isThere ? .notice : .warning,
                id: .configuration)
        }
    }

    /// Opens listeners anew whose interface is another, when it is time to check.
    func renewListeners() {
        guard let due = nextListenerLook, due <= state.now else { return }
        nextListenerLook = state.now + ZonedListener.period
        reportAddresses()
        for change in transport.renewListeners(with: epoll, base: Token.sockets) {
            let (sentence, priority): (String, JournalPriority) =
                switch change {
                case .lost(let address):
                    (
                        "the interface of \(address) in [node] listen is gone: nothing arrives there until one of that "
                            + "name is back, see 'ip link'", .warning
                    )
                case .opened(let address):
                    ("listens on \(address): its interface is there", .notice)
                }
            state.announce(.config, sentence, priority: priority, id: .configuration)
        }
    }
}

import LinuxIO
import StatusAPI
import TestSupport
import Testing

/// Daemons on loopback that watch each other; they end with it.
final class TestCluster {
    /// Heartbeats that are quick and judgement that is slow: for tests in which a suspicion would be a mistake.
    static let calm = """
        heartbeat_interval = "100ms"
        detector = "fixed"
        timeout = "500ms"
        ping.minimum_timeout = "200ms"
        """
    /// The defaults of a LAN, as operators would have them.
    static let lan = "profile = \"lan\""

    let folder: TestFolder
    let daemons: [TestDaemon]
    /// The addresses, in the order of the daemons.
    let addresses: [SocketAddress]

    /// Writes the configurations of daemons with these ids; starts nothing.
    ///
    /// `detection` holds the lines of `[detection]`, and with `ping.` before them those of `[ping]`. `host` is the
    /// address that all of them use, or a name for it. `strangers` are peers that every daemon has and no host runs.
    init(
        _ ids: [String] = ["a", "b", "c"], detection: String = TestCluster.calm, host: String = "127.0.0.1",
        strangers: [(id: String, address: String)] = []
    ) throws {
        let folder = try TestFolder()
        let addresses = try freeAddresses(ids.count, isIPv6: host.contains(":"))
        let text = host.contains(":") ? "[\(host)]" : host
        let peers = zip(ids, addresses).map { (id: $0, address: "\(text):\($1.port)") } + strangers
        daemons = try ids.map { id in
            try TestDaemon(id, in: folder) { daemon in
                Self.configuration(of: daemon, detection: detection, peers: peers)
            }
        }
        self.folder = folder
        self.addresses = addresses
    }

    /// The daemon with an id.
    subscript(id: String) -> TestDaemon {
        guard let daemon = daemons.first(where: { $0.id == id }) else {
            preconditionFailure("no daemon \(id)")
        }
        return daemon
    }

    /// Starts all of them and waits until each trusts all its peers.
    func start() throws {
        for daemon in daemons { try daemon.launch() }
        try becomeTrusting()
    }

    /// Waits until each trusts all its peers.
    func becomeTrusting() throws { try daemons.becomeTrusting() }

    /// A configuration in which the daemon keeps all it has in its own folder.
    static func configuration(
        of daemon: TestDaemon, detection: String = calm, peers: [(id: String, address: String)],
        more: String = ""
    ) -> String {
        let lines = detection.split(separator: "\n")
        let ping = lines.filter { $0.hasPrefix("ping.") }.map { $0.dropFirst("ping.".count) }
        let rest = lines.filter { !$0.hasPrefix("ping.") }
        return """
            [node]
            id = "\(daemon.id)"
            state_directory = "\(daemon.stateFolder)"
            status_socket = "\(daemon.socket)"
            \(more)
            [detection]
            \(rest.joined(separator: "\n"))
            [ping]
            \(ping.joined(separator: "\n"))
            \(peers.map { "[[peer]]\nid = \"\($0.id)\"\naddress = \"\($0.address)\"\n" }.joined())
            """
    }
}

extension [TestDaemon] {
    /// Waits until each trusts all its peers.
    func becomeTrusting(within seconds: Int64 = 10) throws {
        let trusting = eventually(within: seconds) { allSatisfy { $0.trustsEveryone } }
        try #require(trusting, "not all trust each other: \(map(\.logText).joined())")
    }
}

extension TestDaemon {
    /// Whether it hears a peer for so many more microseconds, or longer.
    func hearsOn(_ peer: String, microseconds: Int) throws -> Bool {
        let heard = try self.peer(peer).lastHeardUSec ?? 0
        return try eventually { try self.peer(peer).lastHeardUSec ?? 0 >= heard + microseconds }
    }

    /// Whether it answers, has peers, and trusts all of them.
    var trustsEveryone: Bool {
        guard let peers = try? peers() else { return false }
        return !peers.isEmpty && peers.allSatisfy { $0.state == .trusted }
    }
}

/// Loopback addresses whose ports no process had a moment ago, all different.
func freeAddresses(_ count: Int, isIPv6: Bool = false) throws -> [SocketAddress] {
    var addresses: [SocketAddress] = []
    var holders: [PortHolder] = []
    for _ in 0..<count {
        let holder = try PortHolder(isIPv6: isIPv6)
        addresses.append(holder.address)
        holders.append(holder)
    }
    // Kept until here, so that the kernel gives no port twice.
    return withExtendedLifetime(holders) { addresses }
}

/// A socket on a port that the kernel chose.
final class PortHolder {
    let address: SocketAddress
    private var socket: UDPSocket

    /// Binds 127.0.0.1, or another address of this host.
    init(
        isIPv6: Bool = false, host: SocketAddress = SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 0)
    ) throws {
        socket = try UDPSocket(binding: isIPv6 ? .loopbackIPv6(port: 0) : host)
        address = try socket.localAddress()
    }

    /// The datagrams that have come since the last call.
    func takeAll() throws -> [[UInt8]] {
        var batch = try ReceiveBatch()
        var datagrams: [[UInt8]] = []
        repeat {
            try socket.receive(into: &batch, now: Clocks.boottime())
            batch.forEach { bytes, _ in
                datagrams.append(bytes.withUnsafeBytes { Array($0) })
            }
        } while !batch.socketIsEmpty
        return datagrams
    }

    /// Sends datagrams, in batches.
    func send(_ datagrams: some Sequence<[UInt8]>, to destination: SocketAddress) throws {
        var batch = try SendBatch(capacity: 256, arenaSize: 512 << 10)
        for datagram in datagrams {
            while !batch.append(datagram.span.bytes, to: destination) { socket.flush(&batch) }
        }
        socket.flush(&batch)
    }
}

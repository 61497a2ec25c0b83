internal import FailureDetection
internal import LinuxIO
internal import Wire

/// One bound socket with its address and family.
///
/// A class, because sockets have one owner and arrays copy.
final class DatagramSocket {
    var udp: UDPSocket
    /// By which the endpoint knows it; never used twice.
    let number: UInt32
    /// The address that it is bound to.
    let address: SocketAddress
    private let isDualStack: Bool
    /// More datagrams than the kernel can have queued for us: after so many, all that had arrived when the
    /// drain began has been read, however fast more arrives.
    private(set) var drainLimit: Int
    var dropsSeen: UInt64 = 0
    /// Whether no interface has its address any more.
    ///
    /// IPv4 refuses to send from such an address, IPv6 does not: what it sends is never answered.
    var isMissing = false

    init(_ socket: consuming UDPSocket, number: UInt32) throws(SystemCallError) {
        udp = socket
        self.number = number
        address = try udp.localAddress()
        isDualStack = try udp.isDualStack()
        drainLimit = Self.drainLimit(in: try udp.grantedReceiveBuffer())
    }

    /// The kernel charges at least 512 bytes for the smallest datagram.
    private static func drainLimit(in buffer: CInt) -> Int { max(Int(buffer) / 512, 1_024) }

    /// Whether no other host reaches it.
    var isLoopback: Bool { address.isLoopback }

    /// Whether it is bound to every address of this host.
    var isWildcard: Bool { address.isUnspecified }

    /// Asks for a receive buffer, and returns what there is then; it is never made smaller.
    func enlarge(to size: CInt) throws(SystemCallError) -> CInt {
        let granted = try udp.enlargeReceiveBuffer(to: size)
        drainLimit = Self.drainLimit(in: granted)
        return granted
    }

    /// Whether it carries datagrams of a family.
    func reaches(isIPv4: Bool) -> Bool { address.isIPv4 == isIPv4 || isDualStack }

    /// Where a datagram came in.
    func path(of header: DatagramHeader) -> LocalPath {
        LocalPath(socket: number, address: header.local.map { NetworkAddress($0) })
    }
}

/// From which socket, and from which address of this host, a datagram leaves.
struct Route {
    let socket: DatagramSocket
    /// `nil` leaves the address to the socket or to the kernel.
    var source: SocketAddress?
}

/// By which socket each destination is sent to, where several could do it.
///
/// The first of the list would be wrong for all but one of the networks of a host: its address does not belong on the
/// others, and routers and reverse path filters drop what carries it. So the kernel is asked which of our addresses
/// it would use for a destination: once, again every half minute, and after a failure.
struct RouteTable {
    private struct Choice {
        var socket: DatagramSocket
        var expires: Instant
    }

    /// How long a choice stands.
    private static let period = TimeSpan.seconds(30)
    /// Destinations for which the kernel is asked in one turn at most, and those that are remembered.
    private static let (questionsPerTurn, capacity) = (200, 16_384)

    private var choices: [NetworkAddress: Choice] = [:]
    private var questionsLeft = Self.questionsPerTurn

    /// Begins a turn.
    mutating func beginTurn() { questionsLeft = Self.questionsPerTurn }

    /// Forgets all choices: the sockets are others.
    mutating func removeAll() { choices.removeAll() }

    /// Continues with another socket for a destination.
    mutating func set(_ socket: DatagramSocket, for destination: NetworkAddress, at now: Instant) {
        if choices.count >= Self.capacity { choices.removeAll() }
        choices[destination] = Choice(socket: socket, expires: now + Self.period)
    }

    /// The socket to send from; `nil` when none carries the family.
    mutating func socket(
        for destination: NetworkAddress, among sockets: [DatagramSocket], at now: Instant
    ) -> DatagramSocket? {
        let isIPv4 = destination.isIPv4
        guard let first = sockets.first(where: { $0.reaches(isIPv4: isIPv4) }) else { return nil }
        guard sockets.contains(where: { $0 !== first && $0.reaches(isIPv4: isIPv4) }) else { return first }
        if let choice = choices[destination], choice.expires > now { return choice.socket }
        let all = sockets.filter { $0.reaches(isIPv4: isIPv4) }
        let present = all.filter { !$0.isMissing }
        let usable = present.isEmpty ? all : present
        guard questionsLeft > 0 else { return choices[destination]?.socket ?? first }
        questionsLeft -= 1
        let chosen = Self.choose(among: usable, for: SocketAddress(destination)) ?? first
        set(chosen, for: destination, at: now)
        return chosen
    }

    /// The first that is bound to every address or to the one that the kernel would use; else the one nearest to that,
    /// on the same side of this host.
    ///
    /// A datagram from 127.0.0.1 to another host is refused by the kernel, and the other way round it is not answered.
    private static func choose(
        among sockets: [DatagramSocket], for destination: SocketAddress
    ) -> DatagramSocket? {
        let source = destination.preferredSource
        let sameSide = sockets.filter { $0.isWildcard || $0.isLoopback == destination.isLoopback }
        let exact = sameSide.first { socket in
            socket.isWildcard || source.map { socket.address.with(port: 0) == $0 } ?? false
        }
        return exact
            ?? sameSide.max { left, right in
                left.address.sharedBits(source ?? destination)
                    < right.address.sharedBits(source ?? destination)
            }
    }
}

extension SocketAddress {
    /// How many bits the two addresses have in common, from the first on.
    fileprivate func sharedBits(_ other: SocketAddress) -> Int {
        let difference = high ^ other.high
        return difference != 0 ? difference.leadingZeroBitCount : 64 + (low ^ other.low).leadingZeroBitCount
    }
}

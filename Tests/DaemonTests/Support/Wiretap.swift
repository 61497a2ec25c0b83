import Glibc
import LinuxIO
import TestSupport
import Testing

/// Two daemons with a key, and an attacker on the path between them that carries, keeps and holds back what they send.
///
/// It carries only while the test waits through it.
final class Wiretap {
    /// What one side sent, oldest first.
    struct Direction {
        /// Where the sender believes the other side to be.
        let socket: PortHolder
        /// Where the other side is.
        let destination: SocketAddress
        var recorded: [[UInt8]] = []
    }

    let cluster: TestCluster
    private(set) var toA: Direction
    private(set) var toB: Direction
    /// Whether datagrams are kept from those they are meant for.
    var isHolding = false

    /// Writes the configurations of daemons a and b; starts nothing.
    init(detection: String = TestCluster.calm) throws {
        cluster = try TestCluster(["a", "b"], detection: detection)
        let (a, b) = (cluster.addresses[0], cluster.addresses[1])
        toA = Direction(socket: try PortHolder(), destination: a)
        toB = Direction(socket: try PortHolder(), destination: b)
        let key = "\(cluster.folder.path)/key"
        try writeFile("suspectd-key-1:\(String(repeating: "5a", count: 32))\n", to: key)
        chmod(key, 0o600)
        for (id, other, stand) in [("a", b, toB.socket), ("b", a, toA.socket)] {
            let path = cluster[id].configuration
            let text = textOfFile(path).replacing("\(other)\"", with: "\(stand.address)\"")
            try writeFile(text + "[security]\nkeys = [\"\(key)\"]\n", to: path)
        }
    }

    /// Carries what has come, from the socket on the other side, so that answers come back through it.
    func carry() throws {
        try Self.carry(&toA, from: toB.socket, isHolding)
        try Self.carry(&toB, from: toA.socket, isHolding)
    }

    private static func carry(_ direction: inout Direction, from other: PortHolder, _ isHolding: Bool) throws
    {
        let datagrams = try direction.socket.takeAll()
        direction.recorded += datagrams
        if !isHolding { try other.send(datagrams, to: direction.destination) }
    }

    /// Carries until something comes to hold, for ten seconds at most.
    func carry(until condition: () throws -> Bool) throws -> Bool {
        try eventually {
            try carry()
            return try condition()
        }
    }

    /// Carries for so long.
    func carry(milliseconds: Int64) throws {
        let end = Clocks.monotonic() + milliseconds * 1_000_000
        _ = try carry { Clocks.monotonic() >= end }
    }

    /// Begins to record anew.
    func forget() { (toA.recorded, toB.recorded) = ([], []) }

    /// Waits until both trust each other.
    func becomeTrusting() throws {
        let trust = try carry { cluster.daemons.allSatisfy { $0.trustsEveryone } }
        try #require(trust, "\(cluster.daemons.map(\.logText).joined())")
    }
}

import Glibc
import Testing

@testable import LinuxIO

/// A second in the nanoseconds of every clock.
let second: Int64 = 1_000_000_000

/// A millisecond in the nanoseconds of every clock.
let millisecond: Int64 = 1_000_000

/// What the loopback interface of this machine can do.
enum Loopback {
    /// 127.0.0.1 with a port that the kernel chooses.
    static let ipv4 = SocketAddress(ipv4: SocketAddress.loopbackIPv4, port: 0)
    /// ::1 with a port that the kernel chooses.
    static let ipv6 = SocketAddress.loopbackIPv6(port: 0)

    /// Whether ::1 exists here; containers often lack it.
    static let hasIPv6: Bool = (try? UDPSocket(binding: ipv6)) != nil

    /// Waits until the kernel stamps what arrives; false when it does not within five seconds.
    ///
    /// Linux switches stamping on a moment after the first socket of the machine asks for it, and gives
    /// what arrives until then the time at which it is read.
    static func stampsArrivals() throws -> Bool {
        var socket = try UDPSocket(binding: ipv4)
        var batch = try ReceiveBatch(capacity: 1)
        let limit = Clocks.boottime() + 5 * second
        while Clocks.boottime() < limit {
            try send([0], from: socket, to: socket.localAddress())
            let now = Clocks.boottime()
            try socket.receive(into: &batch, now: now)
            if let arrival = batch.datagrams.first?.header.arrival, arrival < now { return true }
        }
        return false
    }

    /// An address at which no process listens: its port was free a moment ago.
    static func closed(_ address: SocketAddress) throws -> SocketAddress {
        let socket = try UDPSocket(binding: address)
        return try socket.localAddress()
    }
}

/// Whether there is something at a path.
func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
}

/// Waits until a descriptor is ready; false when it is not within five seconds.
func becomesReady(_ raw: CInt, for interest: Readiness = .read) throws -> Bool {
    var epoll = try Epoll()
    try epoll.add(raw, token: 1, interest: interest)
    return try epoll.wait(timeout: 5000) == 1
}

/// Whether a descriptor is ready at this moment.
func isReady(_ raw: CInt, for interest: Readiness = .read) throws -> Bool {
    var epoll = try Epoll()
    try epoll.add(raw, token: 1, interest: interest)
    return try epoll.wait(timeout: 0) == 1
}

/// A datagram as a value, for comparisons.
struct Datagram: Equatable {
    let bytes: [UInt8]
    let header: DatagramHeader
}

extension ReceiveBatch {
    /// A copy of what the batch holds.
    var datagrams: [Datagram] {
        var copies: [Datagram] = []
        forEach { bytes, header in
            copies.append(Datagram(bytes: bytes.withUnsafeBytes(Array.init), header: header))
        }
        return copies
    }
}

/// Sends one datagram; whether the kernel took it.
@discardableResult
func send(_ bytes: [UInt8], from socket: borrowing UDPSocket, to destination: SocketAddress) throws -> Bool {
    var batch = try SendBatch(capacity: 1, arenaSize: 64 << 10)
    let appended = batch.append(bytes.span.bytes, to: destination)
    try #require(appended)
    return socket.flush(&batch) == 1
}
